import { launch } from './launch.mjs';

await launch('firmware-bridge/main.js');
