import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { QUANTITIES, type Quantity } from '../../server/domain/quantity.ts';
import type { Reading } from '../../server/domain/reading.ts';
import type { Station } from '../../server/domain/station.ts';
import { RecentReadings } from '../../server/sensorCommunity/recentReadings.ts';
import type { RecordFile } from '../../server/sensorCommunity/recordFile.ts';
import { RecordFiles } from '../../server/sensorCommunity/recordFiles.ts';
import type { RecordKind } from '../../server/sensorCommunity/recordKinds.ts';
import { randomNumbers } from '../support/randomNumbers.ts';
import { stationOf } from '../support/stations.ts';
import type { ServedRecord } from './records.ts';

const KINDS: readonly RecordKind[] = ['readings', '5min', 'dust', 'climate', 'noise', '1h', '24h'];
const T0 = Date.UTC(2026, 10, 26, 12);
const MEASURES: Record<string, readonly string[]> = {
  sds011: ['pm25', 'pm10'],
  bme280: ['temperature', 'humidity', 'pressure'],
  sen5x: ['pm25', 'temperature'],
  dnms: ['noise'],
};

function rowOf(values: Partial<Record<Quantity, number>>): Float64Array {
  return Float64Array.from(QUANTITIES, (quantity) => values[quantity] ?? Number.NaN);
}

/** A town without a store: files as they grow, and files made at once of the same readings. */
function makeTown() {
  const recent = new RecentReadings();
  const means = new Map<string, { sensor: string; row: Float64Array; lastMeasuredAt: number }[]>();
  const town = { stations: [] as readonly Station[] };
  const numbers = new Map<string, number>();
  const noted: Reading[] = [];
  const numberOf = (stationId: string, sensor: string) => {
    const key = `${stationId}/${sensor}`;
    numbers.set(key, numbers.get(key) ?? 1_000_000_000 + numbers.size);
    return numbers.get(key);
  };
  const filesOf = (readings: RecentReadings) =>
    new RecordFiles({
      recent: readings,
      numbers: { numberOf },
      means: (averages, _now, visit) => {
        for (const [stationId, list] of means) {
          for (const { row, ...one } of list) visit({ stationId, ...one, rows: averages.map(() => row) });
        }
      },
      country: 'DE',
      stations: () => town.stations,
      epoch: 'test',
    });
  const note = (reading: Reading) => {
    noted.push(reading);
    recent.note(reading);
  };
  /** Files of somebody who hears everything only now. */
  const filesAtOnce = () => {
    const heard = new RecentReadings();
    for (const reading of noted) heard.note(reading);
    return filesOf(heard);
  };
  return { town, recent, note, means, makeFiles: () => filesOf(recent), filesAtOnce };
}

const textOf = (file: RecordFile) => Buffer.concat(file.pieces).toString();
const recordsOf = (file: RecordFile) => (JSON.parse(textOf(file)) as ServedRecord[]).sort((a, b) => a.id - b.id);

describe('the files', () => {
  it('grown look by look are those made at once, while stations come, go, hide, move and send', () => {
    const { town, recent, note, means, makeFiles, filesAtOnce } = makeTown();
    const random = randomNumbers(11);
    const pick = (count: number) => Math.floor(random() * count);
    const grown = makeFiles();
    let now = T0;
    let added = 0;
    for (let turn = 0; turn < 120; turn++) {
      // Further than the longest a look may wait.
      now += 5_000 + pick(60_000);
      const stations = [...town.stations];
      const at = pick(stations.length + 1);
      const chance = random();
      if (chance < 0.2 || stations.length < 3) {
        stations.splice(at, 0, stationOf(`station${String(added++).padStart(3, '0')}`, { locationId: 1e9 + added }));
      } else if (chance < 0.3 && at < stations.length) recent.remove(stations.splice(at, 1)[0]!.id);
      else if (chance < 0.5 && at < stations.length) {
        const changes = [
          { status: 'hidden' },
          { status: 'active' },
          { altitudeMetres: pick(900) },
          { isNoisePublic: true },
        ];
        stations[at] = { ...stations[at]!, ...changes[pick(4)] } as Station;
      } else if (chance < 0.55) stations.reverse();
      if (chance < 0.55) town.stations = stations;
      for (const { id } of town.stations) {
        if (random() < 0.4) continue;
        const sensor = Object.keys(MEASURES)[pick(4)]!;
        const values = Object.fromEntries(MEASURES[sensor]!.map((quantity) => [quantity, pick(40_000) / 100]));
        note({ stationId: id, sensor, measuredAt: now - pick(280_000), values, flags: 0 });
        means.set(id, [{ sensor, row: rowOf({ pm25: pick(100) }), lastMeasuredAt: now }]);
      }
      const whole = filesAtOnce();
      for (const kind of KINDS) {
        const [file, fresh] = [grown.file(kind, now), whole.file(kind, now)];
        expect({ turn, kind, records: recordsOf(file) }).toEqual({ turn, kind, records: recordsOf(fresh) });
        expect(file.length).toBe(textOf(file).length);
      }
    }
  });

  it('keep their tag while no byte changes', () => {
    const { town, recent, makeFiles } = makeTown();
    town.stations = [stationOf('aaaaaaaaa1'), stationOf('aaaaaaaaa2')];
    recent.note({ stationId: 'aaaaaaaaa1', sensor: 'sds011', measuredAt: T0, values: { pm25: 1 }, flags: 0 });
    const files = makeFiles();
    const { etag } = files.file('readings', T0);
    town.stations = [{ ...town.stations[0]!, name: 'Hinterhof' }, town.stations[1]!];
    expect(files.file('readings', T0 + 1_000).etag).toBe(etag);
    town.stations = [town.stations[0]!];
    recent.note({ stationId: 'aaaaaaaaa1', sensor: 'sds011', measuredAt: T0 + 1_000, values: { pm25: 1 }, flags: 0 });
    expect(files.file('readings', T0 + 1_500).etag).not.toBe(etag);
  });

  it('do not change under who is reading them, and are compressed as they were', async () => {
    const { town, recent, makeFiles } = makeTown();
    town.stations = Array.from({ length: 900 }, (_, index) => stationOf(`station${String(index).padStart(3, '0')}`));
    const files = makeFiles();
    let now = T0;
    const next = () => {
      now += 60_000;
      for (const { id } of town.stations) {
        recent.note({ stationId: id, sensor: 'sds011', measuredAt: now, values: { pm25: now % 97 }, flags: 0 });
      }
      return files.file('readings', now);
    };
    next();
    const file = next();
    expect(file.pieces.length).toBeGreaterThan(1);
    const before = textOf(file);
    const release = file.hold();
    const gzipped = file.gzipped();
    for (let turn = 0; turn < 4; turn++) next();
    expect(textOf(file)).toBe(before);
    release();
    const bytes = await gzipped;
    expect(gunzipSync(bytes).toString()).toBe(before);
    // One member, as browsers want it, although its pieces were compressed one by one.
    expect(inflateRawSync(bytes.subarray(10, -8)).toString()).toBe(before);
    expect([bytes.readUInt32LE(bytes.length - 8), bytes.readUInt32LE(bytes.length - 4)]).toEqual([
      crc32(before),
      before.length,
    ]);
  });
});
