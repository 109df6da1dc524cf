import {
  agreementOfMonth,
  compareNetwork,
  type MonthAgreement,
  type NetworkComparison,
} from '../domain/assessment/neighbourhood.ts';
import { NeighbourIndex } from '../domain/assessment/neighbourIndex.ts';
import { median } from '../domain/assessment/robust.ts';
import { OFFICIAL_SENSORS } from '../domain/correction/referenceMeans.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { Station } from '../domain/station.ts';
import { isOfThisPlace } from '../domain/stationHistory.ts';
import { forOneAnswer, type ReadRollups } from '../rollups/oneAnswer.ts';
import { nearReferences } from '../rollups/referenceMonths.ts';
import type { UncertainRow } from '../rollups/rollups.ts';
import { type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';
import { type HourJudge, type HourJudgement, JUDGED_QUANTITIES, type JudgedQuantity } from './hourJudge.ts';

const MONTH_MS = 30 * 24 * HOUR_MS;
/** Hours the network is compared with the official station over. */
const NETWORK_MS = 24 * HOUR_MS;
/** Fewer stations make no median that one bad sensor cannot bend. */
const MIN_STATIONS = 3;
/** Stations remembered, each for the hour it was asked in. */
const MAX_KEPT = 500;

/** How one station agrees with those around it in one quantity. Agreement, not correctness: all may be wrong alike. */
export interface Agreement {
  /** The last closed hour; absent without a valid mean in it. */
  hour?: HourJudgement;
  /** Correlation with the median of the neighbours over 30 days; absent below 576 common hours. */
  month?: MonthAgreement;
  /** The neighbourhood as a whole beside the nearest official station with values, over 24 hours; absent without one near. */
  network?: NetworkComparison;
}

/** What it works with. */
export interface AgreementsDeps {
  rollups: ReadRollups;
  store: Pick<ReadingStore, 'raw'>;
  hourJudge: HourJudge;
  stations: () => readonly Station[];
  clock: () => number;
}

interface Kept {
  hour: number;
  found: Promise<Partial<Record<JudgedQuantity, Omit<Agreement, 'hour'>>>>;
}

/** Agreement of single stations, worked out when asked for and kept for the hour. Bounded: `MAX_KEPT` stations. */
export class Agreements {
  readonly #deps: AgreementsDeps;
  readonly #keptByStation = new Map<string, Kept>();

  constructor(deps: AgreementsDeps) {
    this.#deps = deps;
  }

  /** By quantity; those with nothing to say are absent. */
  async of(station: Station): Promise<Partial<Record<JudgedQuantity, Agreement>>> {
    const hour = Math.floor(this.#deps.clock() / HOUR_MS) * HOUR_MS;
    const longer = await this.#kept(station, hour).catch(nothingWhileAway);
    const agreements: Partial<Record<JudgedQuantity, Agreement>> = {};
    for (const quantity of JUDGED_QUANTITIES) {
      const judged = this.#deps.hourJudge.of(station.id, quantity);
      const agreement = { ...longer[quantity], ...(judged && { hour: judged }) };
      if (Object.keys(agreement).length > 0) agreements[quantity] = agreement;
    }
    return agreements;
  }

  #kept(station: Station, hour: number): Kept['found'] {
    const known = this.#keptByStation.get(station.id);
    if (known?.hour === hour) return known.found;
    const kept = { hour, found: this.#workOut(station, hour) };
    kept.found.catch(() => this.#keptByStation.delete(station.id));
    this.#keptByStation.delete(station.id);
    this.#keptByStation.set(station.id, kept);
    const [oldest] = this.#keptByStation.keys();
    if (this.#keptByStation.size > MAX_KEPT && oldest !== undefined) this.#keptByStation.delete(oldest);
    return kept.found;
  }

  async #workOut(station: Station, hour: number): Kept['found'] {
    const stations = this.#deps.stations();
    const neighbours = new NeighbourIndex(stations).near(station);
    const byId = new Map([station, ...stations].map((each) => [each.id, each]));
    const references = nearReferences(station, stations);
    const rollups = forOneAnswer(this.#deps.rollups);
    const found: Awaited<Kept['found']> = {};
    for (const quantity of JUDGED_QUANTITIES) {
      const stationIds = [station.id, ...neighbours];
      const all = await rollups.rows({
        ...{ stationIds, quantity, window: 'hour', from: hour - MONTH_MS, to: hour },
      });
      // Neighbours are those of today: hours from elsewhere are of no neighbour.
      const rows = all.filter((row) => isOfThisPlace(byId.get(row.stationId)!, row.start));
      const month = monthOf(station.id, rows);
      const network = await this.#network(references, rows, { quantity, hour });
      if (month || network) found[quantity] = { ...(month && { month }), ...(network && { network }) };
    }
    return found;
  }

  /** Beside the nearest of the official stations that has enough hours in the window to tell; undefined without any station. */
  async #network(
    references: readonly Station[],
    rows: readonly UncertainRow[],
    { quantity, hour }: { quantity: JudgedQuantity; hour: number },
  ): Promise<NetworkComparison | undefined> {
    if (references.length === 0) return undefined;
    const window = { from: hour - NETWORK_MS, to: hour };
    const sensor = OFFICIAL_SENSORS['1h'];
    const medians = mediansOf(rows);
    let sparse: NetworkComparison | undefined;
    for (const { id: stationId } of references) {
      const official = await this.#deps.store.raw({ stationId, sensor, quantity, ...window });
      if (official.length === 0) continue;
      const pairs = official.flatMap(({ measuredAt, value }) => {
        const network = medians.get(measuredAt);
        return network === undefined ? [] : [{ network, official: value }];
      });
      const made = compareNetwork(quantity, pairs);
      if (made.state !== 'unknown') return made;
      sparse ??= made;
    }
    return sparse ?? compareNetwork(quantity, []);
  }
}

/** A station's page must not fail because nobody can say how it agrees. */
function nothingWhileAway(error: unknown): Awaited<Kept['found']> {
  if (error instanceof StoreUnavailableError) return {};
  throw error;
}

function monthOf(stationId: string, rows: readonly UncertainRow[]): MonthAgreement | undefined {
  const others = mediansOf(rows.filter((row) => row.stationId !== stationId));
  const pairs = rows.flatMap(({ stationId: id, start, mean }) => {
    const district = others.get(start);
    return id !== stationId || mean === null || district === undefined ? [] : [{ station: mean, district }];
  });
  return agreementOfMonth(pairs);
}

/** Median of the valid means of each hour with three stations or more. */
function mediansOf(rows: readonly UncertainRow[]): Map<number, number> {
  const meansByHour = new Map<number, number[]>();
  for (const { start, mean } of rows) {
    if (mean === null) continue;
    const known = meansByHour.get(start);
    if (known === undefined) meansByHour.set(start, [mean]);
    else known.push(mean);
  }
  const hours = [...meansByHour].filter(([, means]) => means.length >= MIN_STATIONS);
  return new Map(hours.map(([start, means]) => [start, median(means)!]));
}
