import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Sweeping goes on in threads of its own after the collection, ms. */
const SWEEP_MS = 300;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects all garbage, so that what is measured next pays for its own only. */
export async function collectGarbage(): Promise<void> {
  collect();
  await wait(SWEEP_MS);
}
