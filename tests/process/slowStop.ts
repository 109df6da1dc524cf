import { setTimeout as wait } from 'node:timers/promises';
import { stopOnSignal } from '../../server/process/stopOnSignal.ts';

/** A process that says when it is asked to stop and then takes five times so many ms to close; `Infinity`: for ever. */
const stepMs = Number(process.argv[2]);
stopOnSignal(async () => {
  process.stdout.write('stopping\n');
  if (stepMs === Number.POSITIVE_INFINITY) await new Promise(() => undefined);
  for (let step = 0; step < 5; step++) await wait(stepMs);
});
setInterval(() => undefined, 1_000);
process.stdout.write('running\n');
