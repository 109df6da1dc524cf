import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DerivedFlag, THRESHOLDS } from '../domain/assessment/assessment.ts';
import { judgeHour } from '../domain/assessment/hourAssessment.ts';
import { isCompared, NeighbourIndex } from '../domain/assessment/neighbourIndex.ts';
import { type OwnPast, SpikeWindow } from '../domain/assessment/spikeWindow.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import type { Station } from '../domain/station.ts';
import { stationAt, wasMovedIn } from '../domain/stationHistory.ts';
import type { Rollups } from '../rollups/rollups.ts';

/** Quantities hours are compared in. */
export const JUDGED_QUANTITIES = ['pm25', 'pm10'] as const;
/** One of `JUDGED_QUANTITIES`. */
export type JudgedQuantity = (typeof JUDGED_QUANTITIES)[number];
/** Stations whose past is read at once. */
const STATIONS_AT_ONCE = 50;
/** Stations looked at in one turn: some milliseconds, which whoever asks for something waits at most. */
const STATIONS_A_TURN = 1_000;
/** An hour's judgement stands for the hour after it and the minutes until that is closed, ms. */
const STANDS_FOR_MS = 65 * MINUTE_MS;

/** How one station's last closed hour stands to its own past and to its neighbours. */
export interface HourJudgement {
  /** Epoch ms. */
  start: number;
  /** `spike`, `shared-event`, `unusual`, `unlike-neighbours`. */
  flags: readonly DerivedFlag[];
  /** Robust z among the neighbours, and how many stations were compared, itself included; absent below five. */
  z?: number;
  stations: number;
  /** The hour against the station's own last two weeks; only where that was looked at. */
  past?: OwnPast;
}

/** What it works with. */
export interface HourJudgeDeps {
  rollups: Pick<Rollups, 'rows'>;
  stations: () => readonly Station[];
  /** Since when a station stands where it does, epoch ms, if it was ever moved. */
  standsSince?: (stationId: string) => number | undefined;
  clock: () => number;
}

/**
 * Judges each closed hour over the whole network: agreement with the neighbours, and hours far off a station's own past,
 * which are an event where the neighbours moved too. Pasts are only read where the hour is high enough to be a spike.
 * Keeps the last hour: bounded by the number of stations.
 */
export class HourJudge {
  readonly #deps: HourJudgeDeps;
  #judgements = new Map<string, HourJudgement>();
  #judging: Promise<void> = Promise.resolve();

  constructor(deps: HourJudgeDeps) {
    this.#deps = deps;
  }

  /** Judges the hour from `start`, epoch ms, once the one before is done. */
  judge(start: number): Promise<void> {
    const done = this.#judging.then(() => this.#judge(start));
    this.#judging = done.catch(() => undefined);
    return done;
  }

  /** Of the last closed hour; undefined when the station had no valid mean in it where it stands, or it is long past. */
  of(stationId: string, quantity: string): HourJudgement | undefined {
    const found = this.#judgements.get(`${stationId}/${quantity}`);
    if (found && found.start < (this.#deps.standsSince?.(stationId) ?? 0)) return undefined;
    return found && this.#deps.clock() - (found.start + HOUR_MS) <= STANDS_FOR_MS ? found : undefined;
  }

  /** Words of `of`. */
  flagsOf(stationId: string, quantity: string): readonly DerivedFlag[] {
    return this.of(stationId, quantity)?.flags ?? [];
  }

  async #judge(start: number): Promise<void> {
    const stations = stationsOfHour(this.#deps.stations(), start);
    const neighbours = await neighboursOf(stations);
    const judgements = new Map<string, HourJudgement>();
    for (const quantity of JUDGED_QUANTITIES) {
      const means = await this.#means(stations, quantity, start);
      const measuring = stations.filter(({ id }) => means.has(id));
      const compared = (id: string) => neighbours.get(id)!.filter((other) => means.has(other));
      const high = measuring.filter(({ id }) => means.get(id)! > THRESHOLDS.spikeFloor);
      const asked = new Set(high.flatMap(({ id }) => [id, ...compared(id)]));
      const looked = measuring.filter(({ id }) => asked.has(id));
      const pasts = await this.#pasts(looked, quantity, start);
      await inTurns(measuring, ({ id }) => {
        judgements.set(`${id}/${quantity}`, judgementOf(id, compared(id), { start, means, pasts }));
      });
    }
    this.#judgements = judgements;
  }

  async #means(stations: readonly Station[], quantity: JudgedQuantity, start: number): Promise<Map<string, number>> {
    const stationIds = stations.map(({ id }) => id);
    const window = { window: 'hour', from: start, to: start + HOUR_MS, isBare: true } as const;
    const rows = await this.#deps.rollups.rows({ stationIds, quantity, ...window });
    const means = new Map<string, number>();
    for (const { stationId, mean } of rows) if (mean !== null) means.set(stationId, mean);
    return means;
  }

  /** How the hour stands to the past of each of these stations. */
  async #pasts(stations: readonly Station[], quantity: JudgedQuantity, start: number): Promise<Map<string, OwnPast>> {
    const pasts = new Map<string, OwnPast>();
    for (let first = 0; first < stations.length; first += STATIONS_AT_ONCE) {
      const part = stations.slice(first, first + STATIONS_AT_ONCE);
      const stationIds = part.map(({ id }) => id);
      const window = { from: start - THRESHOLDS.spikeWindowMs, to: start + HOUR_MS };
      const rows = await this.#deps.rollups.rows({ stationIds, quantity, window: 'hour', ...window, isBare: true });
      const windows = new Map(part.map((station) => [station.id, { station, hours: new SpikeWindow() }]));
      for (const row of rows) {
        const { station, hours } = windows.get(row.stationId)!;
        // Its past at another place says nothing of what is usual here.
        if (row.mean === null || wasMovedIn(station, { start: row.start, end: start + 1 })) continue;
        const past = hours.add(row.start, row.mean);
        if (row.start === start && past !== undefined) pasts.set(row.stationId, past);
      }
      await nextTurn();
    }
    return pasts;
  }
}

/** Stations as they stood in the hour from `start`; one that was moved within it is compared with nobody. */
function stationsOfHour(stations: readonly Station[], start: number): Station[] {
  const window = { start, end: start + HOUR_MS };
  return stations
    .filter((station) => isCompared(station) && !wasMovedIn(station, window))
    .map((station) => stationAt(station, start));
}

/** Ids of the nearest others of each station, nearest first. */
async function neighboursOf(stations: readonly Station[]): Promise<Map<string, string[]>> {
  const index = new NeighbourIndex(stations);
  const neighbours = new Map<string, string[]>();
  await inTurns(stations, (station) => neighbours.set(station.id, index.near(station)));
  return neighbours;
}

/** Does something with each station, and lets others have their turn in between. */
async function inTurns(stations: readonly Station[], visit: (station: Station) => void): Promise<void> {
  for (const [at, station] of stations.entries()) {
    if (at > 0 && at % STATIONS_A_TURN === 0) await nextTurn();
    visit(station);
  }
}

function judgementOf(
  stationId: string,
  others: readonly string[],
  { start, means, pasts }: { start: number; means: ReadonlyMap<string, number>; pasts: ReadonlyMap<string, OwnPast> },
): HourJudgement {
  const hours = [stationId, ...others].map((id) => ({ stationId: id, mean: means.get(id)! }));
  const past = pasts.get(stationId);
  const pastsOfOthers = others.flatMap((id) => pasts.get(id) ?? []);
  const judged = judgeHour({ hours, past, pastsOfOthers });
  return { start, ...judged, stations: hours.length, ...(past && { past }) };
}
