import { describe, expect, it } from '@jest/globals';
import { Access } from '../../../server/api/http/access.ts';
import { createLongFileTurns } from '../../../server/api/http/longFileTurns.ts';
import { createStationExportRouter } from '../../../server/api/stations/stationExport.ts';
import { createLog } from '../../../server/log.ts';
import { stationIn } from '../../support/balcony.ts';
import { startTestServer, type TestServer } from '../../support/testServer.ts';

const ADMIN_TOKEN = '0123456789ABCDEFGHJKMNPQRS';

/** A server whose readings take their time. */
async function serverWith(held: Promise<void>) {
  const store = {
    seriesOf: async () => {
      await held;
      return [];
    },
    async *scan() {},
    health: async () => [],
  };
  const registry = () => server.stationStore;
  const router = createStationExportRouter({
    store,
    stationStore: {
      station: (id) => registry().station(id),
      assignments: (id) => registry().assignments(id),
      sensorIdOf: (id, sensor) => registry().sensorIdOf(id, sensor),
    },
    access: { refuseNonOwner: (request, id) => new Access(ADMIN_TOKEN, registry()).refuseNonOwner(request, id) },
    inTurn: createLongFileTurns({ log: createLog('fatal') }),
    clock: Date.now,
  });
  const settings = { TRUST_PROXY: 'loopback' };
  const routers = [{ path: '/api/v1', router }];
  const server: TestServer = await startTestServer({ settings, routers, adminToken: ADMIN_TOKEN });
  return server;
}

describe('everything of a station as ZIP', () => {
  it('waits for its address’s turn as other long files do', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { url, stationStore } = await serverWith(held);
    const { station, ownerKey } = await stationIn(stationStore);
    const headers = { Authorization: `Bearer ${ownerKey}`, 'X-Forwarded-For': '203.0.113.7' };
    const asked = Array.from({ length: 13 }, () => fetch(`${url}/api/v1/stations/${station.id}/export`, { headers }));
    const refused = await Promise.race(
      asked.map(async (answer) => ((await answer).status === 429 ? await answer : new Promise<never>(() => {}))),
    );
    expect(await refused.json()).toMatchObject({ code: 'too-many-downloads' });
    letGo();
    const answers = await Promise.all(asked);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(12);
    await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.arrayBuffer()));
  });
});
