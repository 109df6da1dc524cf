import { launch } from './launch.mjs';

await launch('bench/simulator/main.js');
