import { CELL_MS } from '../../server/domain/aggregate.ts';
import type { WindowSums } from '../../server/domain/means/slidingMean.ts';
import type { AcceptedMessage, DeviceHealth, Reading, Values } from '../../server/domain/reading.ts';
import type { CellBlock, SeriesKey } from '../../server/store/readingStore.ts';

/** Two stations and a time on a full hour and 5-minute cell; the day before it at UTC and UTC+1 begins elsewhere. */
export const STATION = 'aaaaaaaaa1';
export const OTHER_STATION = 'bbbbbbbbb2';
/** 2023-11-14T22:00:00Z. */
export const T0 = 1_699_999_200_000;

/** What a test says of one message; the rest is filled in. */
export interface MessageParts {
  stationId?: string;
  sensor?: string;
  values?: Values;
  extra?: Record<string, number>;
  flags?: number;
  health?: DeviceHealth;
  fingerprint?: { hi: number; lo: number };
  receivedAt?: number;
}

/** One message with one reading. */
export function message(measuredAt: number, parts: MessageParts): AcceptedMessage {
  const { stationId = STATION, sensor = 'sds011', values = {}, extra, flags = 0, health = {}, fingerprint } = parts;
  const reading: Reading = { stationId, sensor, measuredAt, values, flags, ...(extra && { extra }) };
  const receivedAt = parts.receivedAt ?? measuredAt + 7;
  return { stationId, measuredAt, receivedAt, health, readings: [reading], ...(fingerprint && { fingerprint }) };
}

/** One message with a reading of each sensor named. */
export function messageOf(measuredAt: number, valuesBySensor: Record<string, Values>): AcceptedMessage {
  const readings = Object.entries(valuesBySensor).map(([sensor, values]): Reading => {
    return { stationId: STATION, sensor, measuredAt, values, flags: 0 };
  });
  return { stationId: STATION, measuredAt, receivedAt: measuredAt, health: {}, readings };
}

/** All pages in one array. */
export async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** The cells of blocks as one object each. */
export async function cellsIn(blocks: AsyncIterable<CellBlock>) {
  const cells: (SeriesKey & WindowSums & { start: number })[] = [];
  for await (const { series, start, cellCount, counts, sums, mins, maxs } of blocks) {
    for (const [place, key] of series.entries()) {
      for (let cell = 0; cell < cellCount; cell++) {
        const slot = place * cellCount + cell;
        const [count, sum, min, max] = [counts[slot]!, sums[slot]!, mins[slot]!, maxs[slot]!];
        if (count > 0) cells.push({ ...key, start: start + cell * CELL_MS, count, sum, min, max });
      }
    }
  }
  return cells;
}

/** The newest value of each series in blocks. */
export async function latestIn(blocks: AsyncIterable<CellBlock>) {
  const latest = new Map<string, SeriesKey & { measuredAt: number; value: number; flags: number }>();
  for await (const { series, latestTimes, latestValues, latestFlags } of blocks) {
    for (const [place, key] of series.entries()) {
      const name = Object.values(key).join('/');
      const measuredAt = latestTimes[place]!;
      if (measuredAt <= (latest.get(name)?.measuredAt ?? Number.NEGATIVE_INFINITY)) continue;
      latest.set(name, { ...key, measuredAt, value: latestValues[place]!, flags: latestFlags[place]! });
    }
  }
  return [...latest.values()];
}
