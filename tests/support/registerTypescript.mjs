import { register } from 'node:module';

// `node --import <this file> child.ts` runs the sources as they are: for tests whose subject must be a process of its own.
register('./typescriptHooks.mjs', import.meta.url);
