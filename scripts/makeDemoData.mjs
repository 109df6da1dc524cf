import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fail, root, say } from './run.mjs';

/**
 * Cuts demo/data/recording.csv.gz out of the sources that demo/data/SOURCES.md names:
 * `node scripts/makeDemoData.mjs <folder>`, where the folder holds `bristol/csv_per_month/` and
 * `madavi-hcmc-12779556/`. One line a measurement: sensor id, UTC time, PM10, PM2.5, temperature, humidity, numbers as
 * the sources write them, empty where the instrument has none. Sorted by time.
 */
const DAYS = 10;
const DAY_MS = 86_400_000;
const source = process.argv[2];
if (!source || !existsSync(source)) fail('Usage: node scripts/makeDemoData.mjs <folder with the sources>');

function rowsOf(path) {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n');
  return lines.map((line) => line.split(';'));
}

function within(firstDay) {
  const from = Date.parse(`${firstDay}T00:00:00Z`);
  return (time) => {
    const at = Date.parse(`${time}Z`);
    return at >= from && at < from + DAYS * DAY_MS;
  };
}

function bristol(firstDay) {
  const folder = join(source, 'bristol/csv_per_month');
  const months = ['2018-10', '2018-11'].map((month) => join(folder, `${month}_sds011_bristol.csv.gz`));
  return months
    .flatMap((path) => rowsOf(path).slice(1))
    .map(([id, , , , , time, pm10, , , pm25]) => [id, time, pm10, pm25, '', ''])
    .filter(([, time]) => within(firstDay)(time));
}

/** Rows of these files have 22 columns, two fewer than the header: the columns are taken by place. Times are UTC. */
function nhaBe(firstDay) {
  const folder = join(source, 'madavi-hcmc-12779556');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv.gz'))
    .flatMap((name) => rowsOf(join(folder, name)).slice(1))
    .map((row) => ['12779556', row[0].replaceAll('/', '-').replace(' ', 'T'), row[7], row[8], row[11], row[12]])
    .filter(([, time]) => within(firstDay)(time));
}

const rows = [...bristol('2018-10-29'), ...nhaBe('2018-10-15')];
rows.sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : Number(a[0]) - Number(b[0])));
const text = ['sensor;time;pm10;pm25;temperature;humidity', ...rows.map((row) => row.join(';')), ''].join('\n');
const file = join(root, 'demo/data/recording.csv.gz');
writeFileSync(file, gzipSync(text, { level: 9 }));
say(`${file}: ${rows.length} measurements`);
