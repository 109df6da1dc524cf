import { expect, it } from '@jest/globals';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { createLog } from '../../server/log.ts';
import { createTakeImported } from '../../server/start/takeImported.ts';
import { isRefusal } from '../../server/store/registry/stationStore.ts';
import { NOW, openHouse } from '../archive/archiveHouse.ts';
import { until } from '../support/until.ts';

it('what an import stored of a station that was deleted meanwhile is erased again, and nobody hears of it', async () => {
  const { registry, store, readings } = await openHouse();
  const addStation = async () => {
    const made = await registry.addStation({
      ...{ name: 'Archive', position: { lat: 51, lon: 7 }, isIndoor: false, sensorModels: ['sds011'] },
      ...{ status: 'active', source: 'import', licence: 'ODbL-1.0' },
    });
    if (isRefusal(made)) throw new Error(made.refused);
    return made.station.id;
  };
  const [kept, deleted] = [await addStation(), await addStation()];
  const heard: string[] = [];
  const hear = (messages: readonly AcceptedMessage[], outcomes: readonly { stored: { stationId: string }[] }[]) => {
    heard.push(...messages.map(({ stationId }) => stationId));
    heard.push(...outcomes.flatMap(({ stored }) => stored.map(({ stationId }) => stationId)));
  };
  const forgotten: string[] = [];
  const take = createTakeImported({
    ...{ stationStore: registry, store, log: createLog('silent') },
    keeper: { forget: async (stationId) => void forgotten.push(stationId) },
    live: { onImported: hear },
    node: { announce: hear },
  });
  const batch = [deleted, kept, deleted].map((stationId, at): AcceptedMessage => {
    const measuredAt = NOW - 10_000 + at;
    const values = { pm25: 5 };
    const reading = { stationId, sensor: 'sds011', measuredAt, values, flags: 0 };
    return { stationId, measuredAt, receivedAt: NOW, health: {}, readings: [reading] };
  });
  // The deletion falls between the decision where the rows belong and their commit.
  await registry.removeStation(deleted);
  await store.remove({ stationId: deleted });
  take(batch, await store.append(batch));
  await until('the deleted station has no readings', async () => (await readings(deleted)).length === 0);
  expect([heard, forgotten, (await readings(kept)).length]).toEqual([[kept, kept, kept, kept], [deleted], 1]);
});
