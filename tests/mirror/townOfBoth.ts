import { expect } from '@jest/globals';
import { NOW } from '../archive/archiveHouse.ts';
import type { ServedRecord } from '../sensorCommunity/records.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startRecordServer } from '../support/recordServer.ts';
import { until } from '../support/until.ts';
import { recordAt } from './mirrorHouse.ts';

/**
 * A station that has sent three cycles, 90 s apart, and what sensor.community then has of the same device, number 39300;
 * `prepare` works on the program before it mirrors.
 */
export async function startTown(fields: object, prepare?: (program: Program) => Promise<unknown>) {
  const clock = { now: NOW };
  const first = await startProgram({ clock: () => clock.now });
  const place = { lat: 51.0441, lon: 13.7458 };
  const station = await first.addStation('esp8266-15303512', { name: 'Balkon', position: place, ...fields });
  await prepare?.(first);
  const records: ServedRecord[] = [];
  for (const step of [0, 1, 2]) {
    const values = { P1: `${20 + step}.25`, P2: `${10 + step}.50` };
    const sensordatavalues = Object.entries(values).map(([name, value]) => ({ value_type: `SDS_${name}`, value }));
    const body = airrohrBody(station.deviceId, { sensordatavalues, samples: step });
    expect((await fetch(`${first.url}/push/${station.token}`, { method: 'POST', body })).status).toBe(204);
    records.push(recordAt(clock.now + 3_000, values));
    clock.now += 90_000;
  }
  const hasNumber = async () => (await first.get('/static/v1/data.json')).text.includes('"sensor":');
  await until('its sensor has a number of its own', hasNumber);
  await first.close();
  const upstream = await startRecordServer();
  upstream.body = JSON.stringify([recordAt(NOW - 3_600_000, { P1: '9.00', P2: '7.00' }), ...records]);
  const settings = { MIRROR_URL: upstream.url, MIRROR_AREA: '51.05,13.74,20', CONTACT: 'luft@example.org' };
  const program = await startProgram({ dataDir: first.dataDir, settings, clock: () => clock.now });
  const stations = async () => {
    const { features } = JSON.parse((await program.get('/api/v1/stations')).text) as {
      features: { id: string; properties: Record<string, unknown> }[];
    };
    return features.map(({ id, properties }): Record<string, unknown> => ({ id, ...properties }));
  };
  return { ...program, station, stations, clock: () => clock.now };
}
