import { DAY_MS } from '../domain/durations.ts';
import { columnsOf, type HourColumns } from '../domain/means/hourColumns.ts';
import type { RollupRow } from '../domain/means/rollup.ts';
import type { Station } from '../domain/station.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { outdoorHours, outdoorRows } from './indoorTime.ts';
import { publishedDays, withPublishedDays } from './publishedDays.ts';
import type { RollupKeeper } from './rollupKeeper.ts';
import type { Rollups, RollupsQuery, UncertainRow } from './rollups.ts';
import { withUncertainty } from './rowUncertainty.ts';
import { daysOfSpeakers, sharedDays, spokenRows, stretchesOf } from './speakingRows.ts';

/** How long an answer waits for rows that are being made, ms: a year of one station takes less. */
const PATIENCE_MS = 3_000;

/** What it needs. */
export interface KeptRollupsDeps {
  store: ReadingStore;
  keeper: Pick<RollupKeeper, 'upToDate'>;
  station: (stationId: string) => Pick<Station, 'sensorModels' | 'reference' | 'isIndoor' | 'formerPlaces'> | undefined;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  /** How long an answer waits for rows that are being made, ms; a few seconds when left out. */
  patienceMs?: number | undefined;
}

/** Rows as the keeper keeps them in the store. */
export class KeptRollups implements Rollups {
  readonly #deps: KeptRollupsDeps;

  constructor(deps: KeptRollupsDeps) {
    this.#deps = deps;
  }

  async rows(query: RollupsQuery): Promise<UncertainRow[]> {
    const { store, station } = this.#deps;
    // A day that begins before `to` may have ended just now.
    await this.upToDate({ ...query, to: query.window === 'day' ? query.to + DAY_MS : query.to });
    const rows = outdoorRows(await store.rollups.read(query), station);
    const spoken: [string, UncertainRow[]][] = [];
    for (const [stationId, own] of byStation(rows)) {
      const ofStation = spokenRows(own, query, station(stationId)?.sensorModels);
      spoken.push([stationId, await this.#withSharedDays({ ...query, stationIds: [stationId] }, own, ofStation)]);
    }
    const official = query.window === 'day' ? query.stationIds.filter((id) => station(id)?.reference) : [];
    return official.length === 0
      ? spoken.flatMap(([, own]) => own)
      : this.#withPublished(query, official, new Map(spoken));
  }

  async #withSharedDays(
    query: RollupsQuery,
    rows: readonly RollupRow[],
    spoken: UncertainRow[],
  ): Promise<UncertainRow[]> {
    if (query.window !== 'day' || query.sensor !== undefined || rows.length === spoken.length) return spoken;
    const days = sharedDays(rows, spoken);
    const made = new Map<number, UncertainRow>();
    for (const stretch of stretchesOf(days)) {
      const hours = await this.rows({ ...query, ...stretch, window: 'hour', isBare: true });
      const inside = days.filter(({ start }) => start >= stretch.from && start < stretch.to);
      for (const day of daysOfSpeakers(inside, hours)) made.set(day.start, query.isBare ? day : withUncertainty(day));
    }
    return spoken.map((row) => made.get(row.start) ?? row);
  }

  async #withPublished(
    query: RollupsQuery,
    official: readonly string[],
    spoken: Map<string, UncertainRow[]>,
  ): Promise<UncertainRow[]> {
    for (const stationId of official) {
      const published = await publishedDays(this.#deps, stationId, query);
      spoken.set(stationId, withPublishedDays(spoken.get(stationId) ?? [], published));
    }
    return query.stationIds.flatMap((stationId) => spoken.get(stationId) ?? []);
  }

  async hours(query: Omit<RollupsQuery, 'window' | 'sensor'>): Promise<HourColumns[]> {
    const { store, station } = this.#deps;
    await this.upToDate(query);
    const all = outdoorHours((await store.rollups.hours?.(query)) ?? [], station);
    const severals = stationsWithSeveral(all);
    if (store.rollups.hours !== undefined && severals.length === 0) return all;
    // Who speaks is decided hour by hour, where more than one instrument measured.
    const rest = store.rollups.hours === undefined ? query.stationIds : severals;
    const rows = await this.rows({ ...query, window: 'hour', stationIds: rest });
    return [...all.filter(({ stationId }) => !rest.includes(stationId)), ...columnsOf(rows)];
  }

  async upToDate({
    stationIds,
    to,
    waited = { ms: 0 },
  }: Pick<RollupsQuery, 'stationIds' | 'to' | 'waited'>): Promise<boolean> {
    const { keeper, patienceMs = PATIENCE_MS } = this.#deps;
    const askedAt = performance.now();
    const isUpToDate = await keeper.upToDate(stationIds, { patienceMs: Math.max(0, patienceMs - waited.ms), to });
    waited.ms += performance.now() - askedAt;
    if (!isUpToDate) waited.wasInVain = true;
    return isUpToDate;
  }

  markDirty(stationId: string, from: number, to: number): Promise<void> {
    return this.#deps.store.rollups.markDirty([{ stationId, from, to }]);
  }
}

function stationsWithSeveral(columns: readonly HourColumns[]): string[] {
  const ids = columns.map(({ stationId }) => stationId);
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
}

/** Rows in order of station, cut where the station changes. */
function byStation(rows: readonly RollupRow[]): [string, RollupRow[]][] {
  const found: [string, RollupRow[]][] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last?.[0] === row.stationId) last[1].push(row);
    else found.push([row.stationId, [row]]);
  }
  return found;
}
