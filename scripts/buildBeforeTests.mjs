import { build } from './build.mjs';

/** Jest's global setup: tests run the built programs and pages, so those are of the sources as they are now. */
export default () => build();
