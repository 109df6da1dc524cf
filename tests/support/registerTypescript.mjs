import * as modules from 'node:module';
import { load } from './typescriptHooks.mjs';

// `node --import <this file> child.ts` runs the sources as they are: for tests whose subject must be a process of its own.
// Node 20 knows only the older way, of which newer ones warn.
if (modules.registerHooks === undefined) modules.register('./typescriptHooks.mjs', import.meta.url);
else modules.registerHooks({ load });
