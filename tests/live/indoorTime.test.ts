import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { type Program, startProgram } from '../support/program.ts';
import { measure } from './measuringDevice.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const QUESTION = 'quantity=pm25&from=2026-01-05T08:00:00Z&to=2026-01-05T18:00:00Z';

/** Two hours outdoors at 10, two indoors at 223.45, then outdoors again. */
async function twoHoursIndoors(positionChange?: 'corrected') {
  const clock = { now: NOON - 240 * MINUTE_MS };
  const program = await startProgram({ clock: () => clock.now, settings: { TRUST_PROXY: 'none' } });
  const device = await program.addStation('esp8266-15303512');
  const change = async (body: object) => {
    const patch = { key: device.ownerKey, body };
    expect((await program.send('PATCH', `/api/v1/stations/${device.id}`, patch)).status).toBe(200);
  };
  await measure(program, { device, clock, until: NOON - 120 * MINUTE_MS, pm25: '10.00' });
  await change({ isIndoor: true });
  await measure(program, { device, clock, until: NOON, pm25: '223.45' });
  await change({ isIndoor: false, ...(positionChange && { positionChange }) });
  return { clock, program, device };
}

/** Everything public of the station in which a value of the time indoors could stand; `date` is the report's day. */
async function published(program: Program, id: string, date: string): Promise<Record<string, string>> {
  const series = `/api/v1/stations/${id}/series?${QUESTION}`;
  const windows = ['raw', '5m', '15m', '1h', '1d', '1d&day=local', '1w', '1h&day=%2B05:30', '1y'];
  const paths = [
    ...windows.flatMap((window) => [`${series}&window=${window}`, `${series}&window=${window}&format=csv`]),
    `/api/v1/stations/${id}`,
    ...['1h', '24h', 'latest'].map((average) => `/api/v1/map?quantity=pm25&average=${average}`),
    `/sta/v1.1/Datastreams('${id}.sds011.pm25')/Observations?$top=1000`,
    `/sta/v1.1/Things('${id}')/Datastreams?$expand=Observations($top=1000)`,
    '/sta/v1.1/Observations?$top=1000',
    ...['data.json', 'data.1h.json', 'data.24h.json', 'data.dust.min.json'].map((name) => `/static/v2/${name}`),
    `/station/${id}?lang=en`,
    `/report?lang=en&station=${id}&from=${date}&to=${date}&quantity=pm25`,
    `/api/v1/days-above?station=${id}&quantity=pm25&rule=who&year=2026`,
  ];
  const texts: Record<string, string> = {};
  for (const path of paths) {
    const { status, text } = await program.get(path);
    expect([path, status]).toEqual([path, 200]);
    texts[path] = text;
  }
  return texts;
}

/** Where a value or a mean of the time indoors stands. */
function telling(texts: Record<string, string>): string[] {
  return Object.keys(texts).filter((path) => /\b223\.[45]|\b223[45]\b/.test(texts[path]!));
}

describe('what a station measured indoors', () => {
  it('does not come out with it when it is outdoors again', async () => {
    const { clock, program, device } = await twoHoursIndoors();
    await measure(program, { device, clock, until: NOON + 130 * MINUTE_MS, pm25: '12.00' });
    const texts = await published(program, device.id, '2026-01-04');
    expect(telling(texts)).toEqual([]);
    const hours = JSON.parse(texts[`/api/v1/stations/${device.id}/series?${QUESTION}&window=1h`]!).points;
    expect(hours.map(({ mean }: { mean: number | null }) => mean).slice(0, 6)).toEqual([10, 10, null, null, 12, 12]);
    const observations = texts[`/sta/v1.1/Datastreams('${device.id}.sds011.pm25')/Observations?$top=1000`]!;
    expect(JSON.parse(observations).value.length).toBeGreaterThan(90);
    clock.now = NOON + 16 * 60 * MINUTE_MS;
    const nextDay = await published(program, device.id, '2026-01-05');
    expect(telling(nextDay)).toEqual([]);
  });

  it('is nothing of the kind when the station was only called indoors by mistake', async () => {
    const { clock, program, device } = await twoHoursIndoors('corrected');
    await measure(program, { device, clock, until: NOON + 70 * MINUTE_MS, pm25: '12.00' });
    const answer = await program.get(`/api/v1/stations/${device.id}/series?${QUESTION}&window=1h`);
    const means = JSON.parse(answer.text).points.map(({ mean }: { mean: number | null }) => mean);
    expect(means.slice(0, 5)).toEqual([10, 10, 223.45, 223.45, 12]);
  });
});
