import { randomNumbers } from '../../tests/support/randomNumbers.ts';
import { type CrowdOptions, DeviceCrowd } from './deviceCrowd.ts';
import { tallyTable } from './devicesVerb.ts';
import { ViewerCrowd, type ViewerOptions } from './viewerCrowd.ts';
import { viewerTable } from './viewersVerb.ts';

/** What a crowd in a process of its own is made from. */
export type CrowdOrder =
  | ({ kind: 'devices'; seed: number } & Omit<CrowdOptions, 'random'>)
  | ({ kind: 'viewers'; seed: number } & Omit<ViewerOptions, 'random'>);

/** What it is told later: the figures so far, from now on, or the end. */
export type CrowdCall = { call: 'measure' | 'figures' | 'end' };

type RunningCrowd = { measure: () => void; figures: () => Record<string, number>; end: () => Promise<void> };

async function start(order: CrowdOrder): Promise<RunningCrowd> {
  const random = randomNumbers(order.seed);
  if (order.kind === 'devices') {
    const crowd = new DeviceCrowd({ ...order, random });
    crowd.start();
    return { measure: () => undefined, figures: () => tallyTable(crowd.tally), end: () => crowd.stop() };
  }
  const crowd = new ViewerCrowd({ ...order, random });
  await crowd.open();
  return {
    measure: () => crowd.beginMeasuring(),
    figures: () => viewerTable(crowd.tally),
    end: async () => crowd.close(),
  };
}

// A process of its own: the order comes first on the IPC channel, then calls; each is answered.
let running: Promise<RunningCrowd> | undefined;
process.on('message', (message: CrowdOrder | CrowdCall) => {
  void answer(message).then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

async function answer(message: CrowdOrder | CrowdCall): Promise<Record<string, number>> {
  if ('kind' in message) {
    running = start(message);
    return (await running).figures();
  }
  const crowd = await running;
  if (crowd === undefined) throw new Error('no crowd was ordered');
  if (message.call === 'measure') crowd.measure();
  if (message.call !== 'end') return crowd.figures();
  const connected = crowd.figures().connected;
  await crowd.end();
  // Viewers as they were before the goodbye.
  return { ...crowd.figures(), ...(connected !== undefined && { connected }) };
}
