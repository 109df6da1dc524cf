import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DAY_MS } from '../../server/domain/durations.ts';

const START = Date.UTC(2022, 1, 9);
const HEAD = 'sensor_id;sensor_type;location;lat;lon;timestamp';
const OPTICAL = `${HEAD};P1;durP1;ratioP1;P2;durP2;ratioP2\n`;
const CLIMATE = `${HEAD};temperature;humidity\n`;

/** Two instruments of one place over 362 days, a gzip file a day and instrument, `rows` in all: the form of the Bochum archive. */
export function writeDayFiles(folder: string, rows: number): void {
  const days = 362;
  for (let file = 0; file < 2 * days; file++) {
    const day = file >> 1;
    const from = Math.floor((rows * file) / (2 * days));
    const count = Math.floor((rows * (file + 1)) / (2 * days)) - from;
    const isOptical = file % 2 === 0;
    const lines = Array.from({ length: count }, (_, at) => {
      const time = textOf(START + day * DAY_MS + Math.floor((at / count) * DAY_MS) + 1000 * (file % 2));
      const place = '1846;51.482;7.224';
      const seed = from + at;
      return isOptical
        ? opticalLine(`3659;SDS011;${place}`, time, seed)
        : climateLine(`3660;DHT22;${place}`, time, seed);
    });
    const date = textOf(START + day * DAY_MS).slice(0, 10);
    const name = `${date}_${isOptical ? 'sds011_sensor_3659' : 'dht22_sensor_3660'}.csv.gz`;
    mkdirSync(join(folder, date.slice(0, 7)), { recursive: true });
    const text = (isOptical ? OPTICAL : CLIMATE) + lines.join('');
    writeFileSync(join(folder, date.slice(0, 7), name), gzipSync(text));
  }
}

/** Files of many stations, in order of time, a reading of each every 150 s: the form of the archive's months. */
export function writeNetworkFiles(folder: string, size: { stations: number; rows: number; files: number }): void {
  const { stations, rows, files } = size;
  const heads = Array.from({ length: stations }, (_, at) => {
    const [lat, lon] = [47.5 + ((at * 7919) % 7000) / 1000, 6.5 + ((at * 104_729) % 8000) / 1000];
    return `${10_000 + at};SDS011;${5_000 + at};${lat.toFixed(3)};${lon.toFixed(3)}`;
  });
  for (let file = 0; file < files; file++) {
    const from = Math.floor((rows * file) / files);
    const to = Math.floor((rows * (file + 1)) / files);
    const lines: string[] = [OPTICAL];
    for (let row = from; row < to; row++) {
      const time = START + Math.floor(row / stations) * 150_000 + Math.floor(((row % stations) / stations) * 150_000);
      lines.push(opticalLine(heads[row % stations]!, textOf(time), row));
    }
    writeFileSync(join(folder, `2022-02-${String(9 + file).padStart(2, '0')}_sds011.csv`), lines.join(''));
  }
}

function opticalLine(head: string, time: string, seed: number): string {
  const [pm10, pm25] = [((seed * 7919) % 9000) / 100 + 1, ((seed * 104_729) % 5000) / 100 + 0.5];
  return `${head};${time};${pm10.toFixed(2)};;;${pm25.toFixed(2)};;\n`;
}

function climateLine(head: string, time: string, seed: number): string {
  const [temperature, humidity] = [((seed * 31) % 300) / 10 - 5, 40 + ((seed * 17) % 500) / 10];
  return `${head};${time};${temperature.toFixed(2)};${humidity.toFixed(2)}\n`;
}

/** `2022-02-09T00:02:28`. */
function textOf(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
