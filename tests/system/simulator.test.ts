import { describe, expect, it } from '@jest/globals';
import { DeviceCrowd, firmwareOf } from '../../bench/simulator/deviceCrowd.ts';
import { FIRMWARES } from '../../bench/simulator/firmwares.ts';
import { addSimulatedStations, removeSimulatedStations } from '../../bench/simulator/simulatedStations.ts';
import { ViewerCrowd } from '../../bench/simulator/viewerCrowd.ts';
import { closeAfterTest } from '../support/closing.ts';
import { ADMIN_TOKEN, startProgram } from '../support/program.ts';
import { randomNumbers } from '../support/randomNumbers.ts';
import { until } from '../support/until.ts';

/** Each firmware twice: those that can do both ways take turns. */
const DEVICES = 2 * FIRMWARES.length;

describe('simulated devices and viewers', () => {
  it('send what every firmware sends, see it live, and leave nothing behind', async () => {
    const { url, mqttPort, send, get } = await startProgram({ settings: { RATE_LIMIT: '100000,1000' } });
    const ways = { url, mqttUrl: `mqtt://127.0.0.1:${mqttPort}` };
    const access = { url, adminToken: ADMIN_TOKEN };
    const random = randomNumbers(1);
    const firmwares = Array.from({ length: DEVICES }, (_, index) => firmwareOf(index, ways));
    const accounts = await addSimulatedStations(access, firmwares, {
      around: { lat: 51.45, lon: 7.01, km: 8 },
      random,
    });
    const stationIds = accounts.map(({ stationId }) => stationId);
    const viewers = new ViewerCrowd({ url, count: 4, stationIds, moveEveryMs: 0, reconnectEveryMs: 0, random });
    closeAfterTest(() => viewers.close());
    await viewers.open();
    const devices = new DeviceCrowd({ accounts, ...ways, cadenceMs: 2_000, trouble: 0, random });
    closeAfterTest(() => devices.stop());
    devices.start();
    const heard = async () => {
      const states = await Promise.all(
        stationIds.map(async (id) => {
          const { text } = await send('GET', `/api/v1/stations/${id}`, { key: ADMIN_TOKEN });
          return JSON.parse(text).properties.lastSeenAt !== null;
        }),
      );
      return states.every(Boolean);
    };
    await until('every device was heard', heard);
    const haveSeen = () => viewers.tally.readings > 0 && viewers.tally.changes > 0;
    await until('viewers saw readings and changes', haveSeen);
    await devices.stop();
    const { messages, taken, lost, refused } = devices.tally;
    expect({ taken, lost, refused }).toEqual({ taken: messages, lost: 0, refused: {} });
    expect(messages).toBeGreaterThanOrEqual(DEVICES);
    expect(viewers.tally).toMatchObject({
      connected: 4,
      failed: 0,
      droppedByServer: 0,
      gaps: 0,
      repeated: 0,
      refused: 0,
    });
    await removeSimulatedStations(access, stationIds);
    expect(JSON.parse((await get('/api/v1/stations')).text).features).toEqual([]);
  });
});
