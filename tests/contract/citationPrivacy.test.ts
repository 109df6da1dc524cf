import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Bundle, OpenLeaf } from '../../server/citation/bundle.ts';
import { runCli } from '../../server/cli/runCli.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { ADMIN_TOKEN, type Program, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const DAY = gunzipSync(
  readFileSync(join(packageRoot(), 'tests/fixtures/archive/files/2022-02-09_sds011_sensor_3659.csv.gz')),
).toString();
/** Where the three copies of that sensor stand; the first one's public latitude at 100 m is 52.457. */
const PLACES = [52.457, 52.467, 52.477];

/** The command line beside the running program. */
async function run({ dataDir }: Program, ...args: string[]) {
  let [out, err] = ['', ''];
  const env = { DATA_DIR: dataDir };
  const code = await runCli(args, { env, out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

/** Three sensors with the measurements of a whole day, imported into a running program, and the day cited. */
async function citedDay() {
  const program = await startProgram();
  const folder = temporaryFolder();
  const [header = '', ...rows] = DAY.trim().split('\n');
  const columns = header.trim().split(';');
  const files = PLACES.map((lat, at) => {
    const other = rows.map((row) => {
      const cells = row.trim().split(';');
      cells[columns.indexOf('sensor_id')] = String(3659 + at);
      cells[columns.indexOf('location')] = String(1846 + at);
      cells[columns.indexOf('lat')] = String(lat);
      return cells.join(';');
    });
    const path = join(folder, `2022-02-09_sds011_sensor_${3659 + at}.csv`);
    writeFileSync(path, `${[header.trim(), ...other].join('\n')}\n`);
    return path;
  });
  expect((await run(program, 'import', ...files)).code).toBe(0);
  const { features } = JSON.parse((await program.get('/api/v1/stations')).text) as {
    features: { id: string; geometry: { coordinates: [number, number] } }[];
  };
  const byLatitude = features.sort((one, other) => one.geometry.coordinates[1] - other.geometry.coordinates[1]);
  const ids = byLatitude.map(({ id }) => id);
  const body = { station: ids.join(','), quantity: 'pm10', from: '2022-02-09', to: '2022-02-09' };
  expect(ids).toHaveLength(3);
  // Hours of what was imported are made first.
  let cited = '';
  await until('the day is cited', async () => {
    const { status, text } = await program.send('POST', '/api/v1/citations', { body });
    cited = text;
    return status === 201;
  });
  const { id } = JSON.parse(cited) as { id: string };
  /** The bundle, and what `verify` says of it. */
  const checked = async () => {
    const { text } = await program.get(`/api/v1/citations/${id}/bundle.json`);
    const path = join(folder, 'bundle.json');
    writeFileSync(path, text);
    const verdict = await run(program, 'verify', path, '--lang', 'en');
    return { text, bundle: JSON.parse(text) as Bundle, verdict };
  };
  const change = async (station: string, fields: object) => {
    const { status } = await program.send('PATCH', `/api/v1/stations/${station}`, { body: fields, key: ADMIN_TOKEN });
    expect(status).toBe(200);
  };
  const page = async () => (await program.get(`/cite/${id}?lang=en`)).text;
  return { program, id, ids, checked, change, page };
}

function latitudes({ stations }: Bundle): (number | undefined)[] {
  return stations.map((station) => {
    const place = 'place' in station && 'value' in station.place ? station.place : undefined;
    return (place as OpenLeaf<{ position: { lat: number } }> | undefined)?.value.position.lat;
  });
}

describe('citations of a running instance', () => {
  it('lose the place of a station whose owner makes it coarser, and all the rest stays provable', async () => {
    const { program, id, ids, checked, change, page } = await citedDay();
    const before = await checked();
    expect(before.verdict).toMatchObject({ code: 0, out: expect.stringMatching(/^Holds\.\n/) });
    expect(latitudes(before.bundle).toSorted()).toEqual(PLACES);

    await change(ids[0]!, { positionGridMetres: 1000 });
    const after = await checked();
    expect(
      latitudes(after.bundle)
        .filter((lat) => lat !== undefined)
        .toSorted(),
    ).toEqual(PLACES.slice(1));
    expect([after.bundle.id, after.bundle.signature]).toEqual([before.bundle.id, before.bundle.signature]);
    expect(after.verdict).toMatchObject({ code: 0, out: expect.stringContaining('place of 1 of 3 stations') });
    expect(await page()).toContain('The place of 1 of 3 stations is no longer in this citation');
    for (const path of [`/api/v1/citations/${id}`, `/cite/${id}/report.json`, `/cite/${id}/days.csv`]) {
      const { status, text } = await program.get(path);
      expect([path, status, text.includes(String(PLACES[0]))]).toEqual([path, 200, false]);
    }
    // Finer again brings nothing back.
    await change(ids[0]!, { positionGridMetres: 100 });
    expect((await checked()).text).toBe(after.text);
  });

  it('lose the place of a hidden station', async () => {
    const { ids, checked, change } = await citedDay();
    await change(ids[1]!, { status: 'hidden' });
    const { bundle, text, verdict } = await checked();
    expect(latitudes(bundle).filter((lat) => lat === undefined)).toHaveLength(1);
    expect(text).not.toContain(String(PLACES[1]));
    expect(verdict.out).toMatch(/^Holds as far as checkable/);
  });

  it('lose a deleted station with all its rows: page, verify and archive say how many of how many', async () => {
    const { program, id, ids, checked, page } = await citedDay();
    const deleted = await program.send('DELETE', `/api/v1/stations/${ids[2]}`, { key: ADMIN_TOKEN });
    expect(deleted.status).toBe(204);
    const { bundle, text, verdict } = await checked();
    expect(bundle.stations.filter((station) => 'withdrawn' in station)).toHaveLength(1);
    expect(text).not.toContain(String(PLACES[2]));
    expect(verdict).toMatchObject({ code: 0, out: expect.stringContaining('1 of 3 stations were withdrawn') });
    expect(await page()).toContain('1 of 3 stations was withdrawn by its host');
    const copy = temporaryFolder();
    expect((await run(program, 'archive', '--out', copy)).code).toBe(0);
    const archived = readFileSync(join(copy, 'cite', `${id}.html`), 'utf8');
    expect(archived).toContain('1 of 3 stations was withdrawn by its host');
    expect(archived).toContain('1 von 3 Stationen wurde von ihrem Betreiber zurückgezogen');
    expect(readFileSync(join(copy, 'cite', `${id}.json`), 'utf8')).toBe(text);
    // Nobody told this server its address, and what it was asked by is none.
    const unwrapped = archived.replaceAll(/<\/text>\s*<text[^>]*>/g, ' ');
    for (const file of [unwrapped, readFileSync(join(copy, 'cite', `${id}.csv`), 'utf8')]) {
      expect([file.includes(`Bürgerluft, cite/${id}`), file.includes('localhost')]).toEqual([true, false]);
    }
  });
});
