import { expect, it, jest } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { createLog } from '../../server/log.ts';
import { startMaintenance } from '../../server/start/maintenance.ts';
import { openHouse } from '../archive/archiveHouse.ts';
import { closeAfterTest } from '../support/closing.ts';

it('tidying up that takes hours is not begun anew meanwhile, and a stop waits for it', async () => {
  const { registry, store } = await openHouse();
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'performance'] });
  closeAfterTest(() => void jest.useRealTimers());
  const begun: (() => void)[] = [];
  const stop = startMaintenance({
    ...{ stationStore: registry, store, log: createLog('silent'), clock: Date.now },
    config: { RETENTION: undefined, DAY_OFFSET: '+01:00' },
    erase: async () => undefined,
    joins: { finish: () => new Promise((end) => void begun.push(end)) },
    notices: { tidyUp: async () => undefined },
    letters: { mailDue: async () => 0 },
    citations: { withholdAllPlaces: async () => undefined },
  });
  const turns = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((later) => setImmediate(later));
  };
  await turns();
  jest.advanceTimersByTime(3 * HOUR_MS);
  await turns();
  expect(begun).toHaveLength(1);
  let hasStopped = false;
  const stopped = stop().then(() => {
    hasStopped = true;
  });
  await turns();
  expect(hasStopped).toBe(false);
  begun[0]?.();
  await stopped;
  expect(begun).toHaveLength(1);
});
