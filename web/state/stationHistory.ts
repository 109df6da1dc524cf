import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type {
  AnnotationView,
  RawPoint,
  Series,
  SeriesMarkView,
  StationFeature,
  StationProperties,
  StationReading,
} from '../../server/domain/contract.ts';
import type { OfficialSpan } from '../../server/domain/correction/referenceMeans.ts';
import type { Quantity } from '../../server/domain/quantity.ts';
import type { HeightClass, ReferenceFacts, Siting } from '../../server/domain/station.ts';
import { isMove } from '../../server/domain/stationHistory.ts';
import {
  type CorrectedHour,
  correctedHoursOf,
  type HistoryPoint,
  isInvalid,
  PERIOD_MS,
  type Period,
  pointsOf,
  STEP_MS,
  tailOf,
  withLiveHours,
  withTail,
} from './history.ts';
import { NotFoundError } from './loadJson.ts';
import { RENEW_AFTER_MS } from './renewing.ts';

/** Readings kept while loading: an hour of the fastest devices. */
const MAX_PENDING = 400;

/** How far the history of a station is; `unknown`: there is no such station. */
export type HistoryStatus = 'loading' | 'ready' | 'failed' | 'unknown';

/** A station's facts and courses, loaded once and then grown by live readings. */
export class StationHistory {
  readonly stationId: string;
  readonly status: Signal<HistoryStatus> = signal('loading');
  readonly feature: Signal<StationDetails | undefined> = signal(undefined);
  /** Changes of device, sensor or place, and periods the owner marked, of the longest course. */
  readonly marks: Signal<readonly SeriesMarkView[]> = signal([]);
  readonly annotations: Signal<readonly AnnotationView[]> = signal([]);
  /** False while hourly means of the station are being made anew. */
  readonly isUpToDate: Signal<boolean> = signal(true);
  /** Hours of the last week adjusted to a reference station; empty where that is not offered. */
  readonly corrected: Signal<readonly CorrectedHour[]> = signal([]);
  readonly #now: ReadonlySignal<number>;
  readonly #load: LoadJson;
  readonly #quarters: Signal<HistoryPoint[]> = signal([]);
  readonly #hours: Signal<HistoryPoint[]> = signal([]);
  readonly #tail: Signal<ReadonlyMap<number, number>> = signal(new Map());
  #pending: StationReading[] = [];
  #sensor = '';
  #quantity: Quantity | undefined;
  #generation = 0;
  #isRenewing = false;
  #loadedAt = 0;

  get #path(): string {
    return `/api/v1/stations/${this.stationId}`;
  }

  /** Points of each period up to now. */
  readonly points: Readonly<Record<Period, ReadonlySignal<HistoryPoint[]>>>;

  /** Hours of the last week, and two more for the comparison with other days, from where the station stands now. */
  readonly hoursHere: ReadonlySignal<HistoryPoint[]>;

  constructor(stationId: string, options: { now: ReadonlySignal<number>; load: LoadJson }) {
    this.stationId = stationId;
    this.#now = options.now;
    this.#load = options.load;
    const quarters = computed(() => withTail(this.#quarters.value, this.#tail.value));
    const hours = computed(() => {
      const span = { loadedAt: this.#loadedAt, now: this.#now.value };
      return withLiveHours(this.#hours.value, quarters.value, span);
    });
    this.points = {
      '24h': computed(() => this.#within('24h', quarters.value)),
      '7d': computed(() => this.#within('7d', hours.value)),
    };
    this.hoursHere = computed(() => {
      const [movedAt] = this.marks.value.flatMap(({ kind, at }) => (isMove(kind) ? [at] : [])).reverse();
      return hours.value.filter(({ start }) => movedAt === undefined || start >= Date.parse(movedAt));
    });
  }

  /** Fetches facts and both courses of `quantity`; a later call wins over an earlier one. */
  async open(quantity: Quantity): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const isCurrent = () => generation === this.#generation;
    this.#quantity = quantity;
    this.status.value = 'loading';
    this.corrected.value = [];
    const [facts, courses] = await Promise.allSettled([this.#fetchFacts(isCurrent), this.#fetchCourses(quantity)]);
    if (!isCurrent()) return;
    if (facts.status === 'rejected' && facts.reason instanceof NotFoundError) this.status.value = 'unknown';
    else if (courses.status === 'fulfilled') {
      this.#take(courses.value);
      await this.#openCorrection(quantity, isCurrent);
    } else this.status.value = 'failed';
  }

  /** Fetches the courses again until their means are up to date; what is shown stays meanwhile. Returns what ends it. */
  renewWhileBehind(everyMs = RENEW_AFTER_MS): () => void {
    return effect(() => {
      if (this.isUpToDate.value) return undefined;
      const timer = setInterval(() => void this.#renew(), everyMs);
      return () => clearInterval(timer);
    });
  }

  async #renew(): Promise<void> {
    const [quantity, generation] = [this.#quantity, this.#generation];
    if (quantity === undefined || this.status.peek() !== 'ready') return;
    this.#isRenewing = true;
    const [courses] = await Promise.allSettled([this.#fetchCourses(quantity)]);
    this.#isRenewing = false;
    const isCurrent = () => generation === this.#generation;
    // What failed is asked for again, and a later choice has brought its own.
    if (courses.status === 'rejected' || !isCurrent()) return;
    this.#take(courses.value);
    await this.#openCorrection(quantity, isCurrent);
  }

  /** The adjusted course comes after the measured one: it is never shown without it. */
  async #openCorrection(quantity: Quantity, isCurrent: () => boolean): Promise<void> {
    const properties = this.feature.peek()?.properties;
    // An official station is what others are adjusted to.
    const isOffered = (quantity === 'pm25' || quantity === 'pm10') && properties && !properties.reference;
    const [answer] = await Promise.allSettled([isOffered ? this.#fetchCorrected(quantity) : []]);
    if (isCurrent()) this.corrected.value = answer.status === 'fulfilled' ? answer.value : [];
  }

  async #fetchCorrected(quantity: Quantity): Promise<CorrectedHour[]> {
    const hour = Math.floor(this.#now.peek() / STEP_MS['7d']) * STEP_MS['7d'];
    const query = `quantity=${quantity}&window=1h&method=reference-ratio`;
    const from = new Date(hour - PERIOD_MS['7d']).toISOString();
    return correctedHoursOf((await this.#load(`${this.#path}/series?${query}&from=${from}`)) as Series);
  }

  /** Puts in one reading; a repeated one changes nothing. */
  take(reading: StationReading): void {
    if (reading.stationId !== this.stationId) return;
    // What comes while the courses are on their way may or may not be in them: put in after, repeated ones do no harm.
    const isReady = this.status.peek() === 'ready';
    if (!isReady || this.#isRenewing) this.#pending = [...this.#pending, reading].slice(-MAX_PENDING);
    if (!isReady) return;
    this.#takeLatest(reading);
    const quantity = this.#quantity;
    const value = quantity && reading.values[quantity];
    if (quantity === undefined || value === undefined || reading.sensor !== this.#sensor) return;
    if ((reading.flags[quantity] ?? []).some(isInvalid)) return;
    const at = Date.parse(reading.measuredAt);
    const tailStart = Math.floor(this.#loadedAt / STEP_MS['24h']) * STEP_MS['24h'];
    if (at < tailStart) return;
    const kept = [...this.#tail.peek()].filter(([time]) => time > at - PERIOD_MS['24h'] - STEP_MS['24h']);
    this.#tail.value = new Map([...kept, [at, value]]);
  }

  async #fetchFacts(isCurrent: () => boolean): Promise<void> {
    const feature = (await this.#load(this.#path)) as StationDetails;
    if (isCurrent()) this.feature.value = feature;
  }

  async #fetchCourses(quantity: Quantity): Promise<Courses> {
    const now = this.#now.peek();
    const series = (window: string, from: number) =>
      this.#load(
        `${this.#path}/series?quantity=${quantity}&window=${window}&from=${new Date(from).toISOString()}`,
      ) as Promise<Series>;
    const quarter = Math.floor(now / STEP_MS['24h']) * STEP_MS['24h'];
    const hour = Math.floor(now / STEP_MS['7d']) * STEP_MS['7d'];
    const [quarters, hours, tail] = await Promise.all([
      series('15m', quarter - PERIOD_MS['24h']),
      series('1h', hour - PERIOD_MS['7d'] - 2 * STEP_MS['7d']),
      series('raw', quarter),
    ]);
    return { quarters, hours, tail, now };
  }

  #take({ quarters, hours, tail, now }: Courses): void {
    this.#loadedAt = now;
    this.#sensor = quarters.sensor;
    this.#quarters.value = pointsOf(quarters);
    this.#hours.value = pointsOf(hours);
    this.isUpToDate.value = hours.isUpToDate !== false;
    this.marks.value = hours.marks;
    this.annotations.value = hours.annotations;
    this.#tail.value = tailOf(tail.points as RawPoint[]);
    this.status.value = 'ready';
    const pending = this.#pending;
    this.#pending = [];
    for (const reading of pending) this.take(reading);
  }

  #takeLatest(reading: StationReading): void {
    const feature = this.feature.peek();
    if (!feature) return;
    const latest = { ...feature.properties.latest };
    for (const [quantity, value] of Object.entries(reading.values) as [Quantity, number][]) {
      const known = latest[quantity];
      // Another instrument of the station may measure the same: the server's choice of one stays.
      if (known && (known.sensor !== reading.sensor || known.measuredAt >= reading.measuredAt)) continue;
      latest[quantity] = {
        value,
        measuredAt: reading.measuredAt,
        flags: reading.flags[quantity] ?? [],
        sensor: reading.sensor,
      };
    }
    this.feature.value = { ...feature, properties: { ...feature.properties, latest } };
  }

  #within(period: Period, points: HistoryPoint[]): HistoryPoint[] {
    const from = this.#now.value - PERIOD_MS[period];
    return points.filter(({ start }) => start + STEP_MS[period] > from);
  }
}

/** `GET /api/v1/stations/{id}`: the feature with what only a station's own page shows. */
export interface StationDetails extends StationFeature {
  properties: StationProperties & {
    /** Of an official station, with what its values are means over. */
    reference?: ReferenceFacts & { means?: OfficialSpan[] };
    heightClass?: HeightClass;
    siting?: Siting;
    /** Of the district that `areaId` names. */
    areaName: string | null;
    /** Share of the expected readings of the last 24 h, 0 to 1. */
    coverage24h: number;
    neighbours: { id: string; name: string; kind: 'citizen' | 'reference'; distanceMetres: number }[];
    /** With the stations around it, by quantity; agreement, not correctness. */
    agreement: Partial<Record<Quantity, StationAgreement>>;
  };
}

/** How a station agrees with those around it in one quantity. */
export interface StationAgreement {
  /** The last closed hour. */
  hour?: { start: string; stations: number; z?: number; flags: string[] };
  /** With the median of the neighbours over 30 days. */
  month?: { correlation: number; hours: number; isAgreeing: boolean };
  network?: { state: 'agrees' | 'deviates' | 'unknown'; bias?: number; hours: number };
}

interface Courses {
  quarters: Series;
  hours: Series;
  tail: Series;
  /** When it was asked for, epoch ms. */
  now: number;
}

/** Fetches JSON; throws `NotFoundError` for 404 and any other error when it cannot. */
export type LoadJson = (url: string) => Promise<unknown>;
