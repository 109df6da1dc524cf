import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { ADMIN_TOKEN, type Program, startProgram } from '../support/program.ts';
import { measure } from './measuringDevice.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const NEW_PLACE = { lat: 51.4412345, lon: 6.9923456 };

async function shown(program: Program, stationId: string) {
  const json = async (path: string) => JSON.parse((await program.get(path)).text);
  const map = async (average: string) => {
    const { id, value, state, count } = await json(`/api/v1/map?quantity=pm25&average=${average}`);
    const at = id.indexOf(stationId);
    return { value: value[at], state: state[at], count: count[at] };
  };
  const { properties } = await json(`/api/v1/stations/${stationId}`);
  const page = (await program.get(`/station/${stationId}?lang=en`)).text;
  const headline = /figure-number">([^<]*)/.exec(page)?.[1];
  const coverage = /Coverage, 24 hours<\/dt><dd>([^<]*)/.exec(page)?.[1];
  const files = await json('/static/v2/data.1h.json');
  return { hour: await map('1h'), day: await map('24h'), latest: properties.latest.pm25, headline, coverage, files };
}

describe('a station that is moved', () => {
  it('shows no mean of its old place at the new one, not after a restart either', async () => {
    const clock = { now: NOON - 3 * 60 * MINUTE_MS };
    const options = { clock: () => clock.now, settings: { TRUST_PROXY: 'none' } };
    const first = await startProgram(options);
    const device = await first.addStation('esp8266-15303512');
    await measure(first, { device, clock, until: NOON, pm25: '100.00' });
    const before = await shown(first, device.id);
    expect(before.hour).toMatchObject({ value: 1000, state: 'ok' });
    expect(before).toMatchObject({ headline: '100.0', coverage: '13 %' });
    const moved = { body: { position: NEW_PLACE }, key: ADMIN_TOKEN };
    expect((await first.send('PATCH', `/api/v1/stations/${device.id}`, moved)).status).toBe(200);
    const after = await shown(first, device.id);
    expect(after).toMatchObject({ hour: { value: null, state: 'none' }, day: { value: null }, files: [] });
    expect(after.latest).toBeUndefined();
    expect(after).toMatchObject({ headline: '–', coverage: before.coverage });
    await measure(first, { device, clock, until: NOON + 20 * MINUTE_MS, pm25: '4.00' });
    const held = { hour: { value: 40, state: 'sparse' }, day: { value: 40, state: 'sparse' }, latest: { value: 4 } };
    expect(await shown(first, device.id)).toMatchObject(held);
    await first.close();
    const second = await startProgram({ ...options, dataDir: first.dataDir });
    expect(await shown(second, device.id)).toMatchObject(held);
    await measure(second, { device, clock, until: NOON + 65 * MINUTE_MS, pm25: '4.00' });
    expect((await shown(second, device.id)).hour).toMatchObject({ value: 40, state: 'ok' });
  });
});
