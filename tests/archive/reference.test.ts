import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { LocalArchiveJobs } from '../../server/archive/archiveJobs.ts';
import { readReferenceCsv } from '../../server/archive/reference/referenceCsv.ts';
import type { ReferenceRequest } from '../../server/archive/reference/referenceStations.ts';
import { readUbaDownload } from '../../server/archive/reference/ubaDownload.ts';
import { runCli } from '../../server/cli/runCli.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { NOW, openHouse } from './archiveHouse.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/reference/${name}`, import.meta.url));
const DST = fixture('uba-download-dst.csv');
const UBA: ReferenceRequest = {
  network: 'Umweltbundesamt',
  licence: 'DL-DE-BY-2.0',
  position: { lat: 51.93, lon: 7.61 },
};
const text = (path: string) => readFileSync(path, 'utf8').replace(/^\uFEFF/, '');

async function openReferenceHouse() {
  const house = await openHouse();
  const jobs = new LocalArchiveJobs({ ...house, stationStore: house.registry, clock: () => NOW, randomBytes });
  const importing = (paths: string[], reference: Partial<ReferenceRequest> = {}, isDryRun = false) =>
    jobs.import({ paths, isDryRun, reference: { ...UBA, ...reference } }, {});
  return { ...house, importing };
}

describe('the download of the Umweltbundesamt', () => {
  it('gives days and no hours: its particulates are 24-hour means made anew each hour', () => {
    const { values, refused, rows, notes } = readUbaDownload(text(DST));
    expect(values.every(({ span, quantity }) => span === '24h' && quantity === 'pm10')).toBe(true);
    expect(rows).toBe(24 + 23 + 24 + 24 + 25 + 24 + 1);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['gliding-mean']));
    expect(values.length + refused.length).toBe(rows);
    expect(notes).toEqual([expect.stringContaining('Source: German Environment Agency')]);
  });

  it('names each day of UTC+1 by its start, over both changes of clocks', () => {
    const { values } = readUbaDownload(text(DST));
    const days = values.map(({ start, value }) => [new Date(start).toISOString(), value]);
    expect(days).toEqual([
      ['2020-03-27T23:00:00.000Z', 35], // labelled 28 March 24:00, the last in winter time
      ['2020-03-28T23:00:00.000Z', lineOf('2020-03-30 01:00')],
      ['2020-10-22T23:00:00.000Z', lineOf('2020-10-24 01:00')],
      ['2020-10-23T23:00:00.000Z', lineOf('2020-10-25 01:00')],
      ['2020-10-24T23:00:00.000Z', lineOf('2020-10-25 24:00')],
      ['2020-10-25T23:00:00.000Z', lineOf('2020-10-26 24:00')],
    ]);
  });

  it('reads hourly columns as hours, the doubled one as two and the skipped one as none', () => {
    const hourly = text(DST).replaceAll('Daily average (hourly floating)', 'One hour average');
    const { values, refused } = readUbaDownload(hourly);
    expect(refused).toEqual([]);
    const starts = values.map(({ start }) => start);
    expect(new Set(starts).size).toBe(starts.length);
    const spring = starts.filter((at) => at >= Date.parse('2020-03-28T23:00Z') && at < Date.parse('2020-03-29T22:00Z'));
    expect(spring).toEqual(Array.from({ length: 23 }, (_, hour) => Date.parse('2020-03-28T23:00Z') + hour * HOUR_MS));
    const autumn = starts.filter((at) => at >= Date.parse('2020-10-24T22:00Z') && at < Date.parse('2020-10-25T23:00Z'));
    expect(autumn).toEqual(Array.from({ length: 25 }, (_, hour) => Date.parse('2020-10-24T22:00Z') + hour * HOUR_MS));
  });

  it('refuses lines it cannot read, each with its place', () => {
    const head = text(DST).split('\n')[0];
    const broken = [
      head,
      'DENW095;"\'2020-03-29 03:00\'";1;;;;',
      'DENW095;yesterday;1;;;;',
      'DENW095;1',
      'DENW095;"\'2020-03-28 24:00\'";x;;;-999;',
    ];
    const { refused, values } = readUbaDownload(broken.join('\r\n'));
    expect(values).toEqual([]);
    expect(refused.map(({ reason, line }) => [reason, line])).toEqual([
      ['no-such-hour', 2],
      ['time-unreadable', 3],
      ['wrong-field-count', 4],
      ['not-a-number', 5],
      ['out-of-bounds', 5],
    ]);
  });

  function lineOf(label: string): number {
    return Number(
      text(DST)
        .split('\n')
        .find((line) => line.includes(label))!
        .split(';')[2],
    );
  }
});

describe('plain CSV of a reference station', () => {
  it('takes hours and days, by start or end, with the words for "none"', () => {
    const byStart = readReferenceCsv(
      'start,pm25,pm10_24h\n2024-01-01T00:00:00Z,11.2,No data\n2024-01-01T01:00:00Z,"12,5",30\n',
    );
    expect(byStart.refused.map(({ reason }) => reason)).toEqual(['wrong-field-count']);
    expect(byStart.values).toEqual([
      { code: '', quantity: 'pm25', span: '1h', start: Date.UTC(2024, 0, 1), value: 11.2 },
    ]);
    const byEnd = readReferenceCsv(
      'station;end;pm25;pm25_24h\nX;2024-01-02T01:00:00+01:00;-1,5;9\n# note\nX;yesterday;1;1\nX;2023-02-29T01:00Z;1;1',
    );
    expect(byEnd.values).toEqual([
      { code: 'X', quantity: 'pm25', span: '1h', start: Date.UTC(2024, 0, 1, 23), value: -1.5 },
      { code: 'X', quantity: 'pm25', span: '24h', start: Date.UTC(2024, 0, 1), value: 9 },
    ]);
    expect(byEnd.refused).toEqual([
      { reason: 'time-unreadable', line: 4, detail: 'yesterday' },
      { reason: 'time-unreadable', line: 5, detail: '2023-02-29T01:00Z' },
    ]);
  });
});

describe('import --reference', () => {
  it('makes an official station, named as such, and stores means under the start of their window', async () => {
    const { importing, registry, readings } = await openReferenceHouse();
    const report = await importing([DST, fixture('uba-download-pm25.csv')], { type: 'background' });
    expect(report).toMatchObject({ stored: 6 + 30, duplicates: 0, conflicts: 0, stations: { made: 2, extended: 0 } });
    expect(report.rows).toBe(report.stored + report.refusedRows);
    expect(report.notes.join()).toContain('only those that end a day');
    const station = registry.stations().find(({ name }) => name === 'DENW095')!;
    expect(station).toMatchObject({
      ...{ source: 'import', licence: 'DL-DE-BY-2.0', externalIds: ['official:Umweltbundesamt:DENW095'] },
      reference: { network: 'Umweltbundesamt', code: 'DENW095', type: 'background' },
    });
    expect((await readings(station.id))[0]).toMatchObject({ sensor: 'official24h', values: { pm10: 35 }, flags: 0 });
  });

  it('stores nothing twice, keeps the first value, and writes nothing in a dry run', async () => {
    const { importing, registry, readings } = await openReferenceHouse();
    expect(await importing([DST], {}, true)).toMatchObject({ isDryRun: true, stored: 6 });
    expect(registry.stations()).toEqual([]);
    await importing([DST]);
    expect(await importing([DST])).toMatchObject({ stored: 0, duplicates: 6, stations: { made: 0 } });
    const changed = join(temporaryFolder(), 'changed.csv');
    writeFileSync(changed, text(DST).replace('24:00\'";35;', '24:00\'";36;'));
    expect(await importing([changed])).toMatchObject({ stored: 0, duplicates: 5, conflicts: 1 });
    expect((await readings()).length).toBe(6);
  });

  it('reads answers of the API: hours in CET all year, places from the list of stations', async () => {
    const { importing, registry, readings } = await openReferenceHouse();
    const paths = [fixture('uba-api-measures.json'), fixture('uba-api-stations.json')];
    const report = await importing(paths, { position: undefined });
    expect(report).toMatchObject({ stored: 2, refusedRows: 1, stations: { made: 1 } });
    const [station] = registry.stations();
    expect(station).toMatchObject({
      ...{ name: 'Elsterwerda', position: { lat: 51.4627, lon: 13.5268 } },
      reference: { code: 'DEBB007', type: 'background' },
    });
    expect(
      (await readings()).map(({ measuredAt, sensor, values }) => [new Date(measuredAt).toISOString(), sensor, values]),
    ).toEqual([
      ['2023-12-31T23:00:00.000Z', 'official', { pm25: 27 }],
      ['2024-06-30T23:00:00.000Z', 'official', { pm25: 8.5 }],
    ]);
  });

  it('refuses values nobody says the place of, and files of other kinds', async () => {
    const { importing, registry } = await openReferenceHouse();
    const other = join(temporaryFolder(), 'other.csv');
    writeFileSync(other, 'a,b\n1,2\n');
    const report = await importing([DST, other], { position: undefined });
    expect(report.files).toEqual({ read: 1, done: 0, refused: 1 });
    expect(report.refused.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['no-place', 'unknown-format']));
    expect(registry.stations()).toEqual([]);
  });

  it('refuses means of a station whose code nobody said, and takes them once the command says it', async () => {
    const { importing, registry } = await openReferenceHouse();
    const plain = join(temporaryFolder(), 'plain.csv');
    writeFileSync(plain, 'start,pm25\n2024-01-01T00:00:00Z,11.2\n');
    const report = await importing([plain]);
    expect(report).toMatchObject({ stored: 0, refused: [{ reason: 'no-code' }] });
    expect(registry.stations()).toEqual([]);
    expect(await importing([plain], { code: 'UKA1' })).toMatchObject({ stored: 1, refused: [] });
    expect(registry.stations()).toMatchObject([{ reference: { code: 'UKA1' } }]);
  });

  it('is a verb that asks for network and licence', async () => {
    const dataDir = temporaryFolder();
    const run = async (...args: string[]) => {
      let [out, err] = ['', ''];
      const env = { DATA_DIR: dataDir };
      const code = await runCli(['import', ...args], { env, out: (t) => (out += t), err: (t) => (err += t) });
      return { code, out, err };
    };
    expect((await run('--reference', DST)).err).toContain('--reference needs --network and --licence');
    expect((await run('--network', 'X', DST)).err).toContain('--network needs --reference');
    const given = [
      '--reference',
      '--network',
      'Umweltbundesamt',
      '--licence',
      'DL-DE-BY-2.0',
      '--position',
      '51.93,7.61',
    ];
    const imported = await run(...given, '--type', 'background', DST);
    expect(imported.out).toContain('stored     6');
    expect(imported.out).toContain('Refused    139 rows: gliding-mean');
    expect((await run(...given, '--type', 'rooftop', DST)).err).toContain('--type: must be one of background, ');
  });
});
