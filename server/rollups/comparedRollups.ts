import type { Station } from '../domain/station.ts';
import type { ComparedQuantity, OfficialComparisons } from './officialComparisons.ts';
import type { Rollups, RollupsQuery, UncertainRow } from './rollups.ts';
import { withUncertainty } from './rowUncertainty.ts';

/** What it needs. */
export interface ComparedRollupsDeps {
  rollups: Rollups;
  comparisons: Pick<OfficialComparisons, 'finder'>;
  station: (stationId: string) => Station | undefined;
}

/** Rows whose uncertainty also knows how sensors of their kind stood to the official station near them. */
export class ComparedRollups implements Rollups {
  readonly #deps: ComparedRollupsDeps;
  readonly hours?: Rollups['hours'] & {};

  constructor(deps: ComparedRollupsDeps) {
    this.#deps = deps;
    const { rollups } = deps;
    if (rollups.hours !== undefined) this.hours = (query) => rollups.hours!(query);
  }

  async rows(query: RollupsQuery): Promise<UncertainRow[]> {
    const { rollups, comparisons, station } = this.#deps;
    const rows = await rollups.rows(query);
    const { quantity, stationIds, waited } = query;
    if (rows.length === 0 || query.isBare || !isCompared(quantity)) return rows;
    const stations = stationIds.flatMap((stationId) => station(stationId) ?? []);
    // Of the rows there are, not of all the time asked for, which may begin long before the first reading.
    const from = rows.reduce((first, { start }) => Math.min(first, start), Number.POSITIVE_INFINITY);
    const to = rows.reduce((last, { end }) => Math.max(last, end), from + 1);
    const find = await comparisons.finder(stations, { quantity, from, to, waited });
    return rows.map((row) => {
      const comparison = row.mean === null ? undefined : find(row.stationId, row.sensor, row.start);
      return comparison === undefined ? row : withUncertainty({ ...row, comparison });
    });
  }

  upToDate(query: Pick<RollupsQuery, 'stationIds' | 'to' | 'waited'>): Promise<boolean> {
    return this.#deps.rollups.upToDate(query);
  }

  markDirty(stationId: string, from: number, to: number): Promise<void> {
    return this.#deps.rollups.markDirty(stationId, from, to);
  }
}

function isCompared(quantity: string): quantity is ComparedQuantity {
  return quantity === 'pm25' || quantity === 'pm10';
}
