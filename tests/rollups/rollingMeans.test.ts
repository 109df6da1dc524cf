import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { Aggregator } from '../../server/live/aggregator.ts';

const STATION = 'aaaaaaaaaa';
/** Over New Year, when values rise a hundredfold within minutes. */
const [FROM, TO] = [Date.UTC(2022, 11, 25), Date.UTC(2023, 0, 4)] as const;

const rows = gunzipSync(
  readFileSync(new URL('../fixtures/bochum-year/2022-02-09_to_2023-02-08.csv.gz', import.meta.url)),
)
  .toString()
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(';').map(Number) as [number, number, number])
  .map(([seconds, pm10, pm25]) => ({ time: seconds * 1000, pm10, pm25 }))
  .filter(({ time }) => time >= FROM && time < TO);

describe('sliding means of the live side', () => {
  it('are those that SQL makes of the same readings, to 1e-9', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run('CREATE TABLE readings (time BIGINT, pm25 DOUBLE, pm10 DOUBLE)');
    const values = rows.map(({ time, pm25, pm10 }) => `(${time}, ${pm25}, ${pm10})`).join(', ');
    await connection.run(`INSERT INTO readings VALUES ${values}`);
    let now = FROM;
    const aggregator = new Aggregator({ clock: () => now, sensorModels: () => ['sds011'] });
    let next = 0;
    let compared = 0;
    for (now = FROM + 25 * HOUR_MS; now < TO; now += 37 * MINUTE_MS) {
      for (; next < rows.length && rows[next]!.time <= now; next++) {
        const { time: measuredAt, pm25, pm10 } = rows[next]!;
        aggregator.fold([{ stationId: STATION, sensor: 'sds011', measuredAt, values: { pm25, pm10 }, flags: 0 }]);
      }
      // Complete cells of five minutes: the running one is left out.
      const end = Math.floor(now / (5 * MINUTE_MS)) * 5 * MINUTE_MS;
      for (const quantity of ['pm25', 'pm10'] as const) {
        for (const [average, length] of [
          ['24h', DAY_MS],
          ['1h', HOUR_MS],
        ] as const) {
          const sql = `SELECT avg(${quantity}), count(*)::DOUBLE FROM readings WHERE time >= ${end - length} AND time < ${end}`;
          const [[mean, count] = []] = (await connection.runAndReadAll(sql)).getRows();
          const own = aggregator.aggregate(STATION, quantity, average, now);
          expect(own?.count).toBe(Number(count));
          if (count === 0) continue;
          expect(Math.abs(own!.value! - Number(mean))).toBeLessThan(1e-9);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(1000);
    connection.closeSync();
  });
});
