import type { AggregateState, Average } from './aggregate.ts';
import type { UncertaintyOrigin } from './correction/uncertainty.ts';
import type { Names } from './names.ts';
import type { ExclusionReason } from './operator/exclusion.ts';
import type { NoticeKind } from './operator/publicNotice.ts';
import type { Quantity } from './quantity.ts';
import type { ReferenceFacts } from './station.ts';
import type { AnnotationKind, MarkKind } from './stationHistory.ts';

/** Types of everything that crosses to the browser. Server and web import this one file. */

/** One value of a station with its time. */
export interface LatestValue {
  value: number;
  /** ISO 8601 UTC. */
  measuredAt: string;
  /** Words, see `flag.ts`. */
  flags: string[];
  sensor: string;
}

/** What the operator tells about some time, `[from, to)`, as everyone sees it. */
export interface NoticeView {
  id: string;
  kind: NoticeKind;
  /** ISO 8601 UTC. */
  from: string;
  to: string;
  text: Names;
}

/** An exclusion from figures as everyone sees it. */
export interface ExclusionView {
  reason?: ExclusionReason | undefined;
  since: string;
}

/** Properties of a station feature, `GET /api/v1/stations`. */
export interface StationProperties {
  id: string;
  name: string;
  areaId: string | null;
  isIndoor: boolean;
  sensorModels: string[];
  /** `active`, `excluded` or, for its owner, `pending` and `hidden`. */
  status: string;
  /** Public reason of an exclusion, in the installation's language. */
  statusReason?: string;
  /** Since when the operator leaves it out of figures, ISO 8601 UTC, and the reason as a word where it is a known one. */
  exclusion?: ExclusionView;
  lastSeenAt: string | null;
  source: string;
  licence: string;
  externalIds: string[];
  latest: Partial<Record<Quantity, LatestValue>>;
  /** Only of official stations. */
  reference?: ReferenceFacts;
}

/** A GeoJSON feature with the public (snapped) position, `[lon, lat]`. */
export interface StationFeature {
  type: 'Feature';
  id: string;
  geometry: { type: 'Point'; coordinates: [number, number] };
  properties: StationProperties;
}

/** `GET /api/v1/stations`. */
export interface StationCollection {
  type: 'FeatureCollection';
  features: StationFeature[];
}

/** A closed window of a series. */
export interface SeriesPoint {
  /** ISO 8601 UTC, start of the half-open window. */
  start: string;
  mean: number | null;
  min: number | null;
  max: number | null;
  median: number | null;
  count: number;
  expected: number;
  coverage: number;
  /** Words: those of `flag.ts` and of `clockMean.ts` (`open`, `below-coverage`, `cadence-too-slow`, `not-corrected`), and `annotated`. */
  flags: string[];
  revision: number;
  /** Expanded uncertainty (95 %) of the mean, µg/m³: of PM2.5 and PM10. */
  uncertainty?: number;
  /** What made it. */
  uncertaintyFrom?: UncertaintyOrigin;
  /** Share of the readings that carry each flag, 0 to 1; only flags that some carry. */
  shares?: Record<string, number>;
  /** Cadence the expectation rests on, ms. */
  cadenceMs?: number;
  /** With a correction: the mean as measured, and the share of the corrected one that stems from other stations. */
  raw?: number | null;
  shareFromOthers?: number;
  /** Only in windows made of shorter means (a day of hours; weeks, months, years of days): how many of them are valid. */
  parts?: { valid: number; of: number };
}

/** A raw value of a series (`window=raw`). */
export interface RawPoint {
  measuredAt: string;
  value: number;
  flags: string[];
}

/** Windows a series can be asked in. */
export const WINDOWS = ['raw', '5m', '15m', '1h', '1d', '1w', '1mo', '1y'] as const;
/** One of `WINDOWS`. */
export type Window = (typeof WINDOWS)[number];

/** `GET /api/v1/stations/{id}/series`. */
export interface Series {
  stationId: string;
  quantity: Quantity;
  sensor: string;
  unit: string;
  window: Window;
  method: string;
  /** Version of the correction, where the means are corrected; see `/methods`. */
  methodVersion?: string;
  /** Version of the rule of the means' uncertainty, for PM2.5 and PM10; see `/methods`. */
  uncertaintyMethod?: string;
  /** Day rule for windows of a day and longer: an offset such as `+01:00`, or `local`. */
  day: string;
  /** Set when the periods the owner marked are left out of every mean: a second figure, never the first. */
  without?: 'annotated';
  /** Single readings before it were removed by the operator, ISO 8601 UTC; only where the time asked for reaches back there. */
  prunedBefore?: string;
  /** There while means are being made anew: the points will change. */
  isUpToDate?: false;
  points: SeriesPoint[] | RawPoint[];
  /** Changes of device, sensor or place within the time asked for: before and after do not compare without thought. */
  marks: SeriesMarkView[];
  /** Periods the owner marked that touch the time asked for. */
  annotations: AnnotationView[];
}

/** A change as everyone sees it. */
export interface SeriesMarkView {
  kind: MarkKind;
  /** ISO 8601 UTC. */
  at: string;
}

/** A marked period, `[from, to)`, as everyone sees it. */
export interface AnnotationView {
  id: string;
  kind: AnnotationKind;
  /** ISO 8601 UTC. */
  from: string;
  to: string;
}

/**
 * Compact state of the map, `GET /api/v1/map`. Columns of equal length, one entry a public station. Values are
 * integers: µg/m³, °C, %, hPa and dB times 10 (`scale`); coverage in percent; ages as seconds before `at`.
 */
export interface MapState extends MapCursor {
  quantity: Quantity;
  average: Average;
  unit: string;
  /** Divide `value` by this. */
  scale: number;
  /** ISO 8601 UTC: when this state was made; of a past hour, its end. */
  at: string;
  /** Set where values are means of a closed clock hour (`at` was asked for), not of the last 60 minutes. */
  hour?: { start: string; method: string };
  id: string[];
  name: string[];
  /** Public position times 1e4, as integers. */
  lat: number[];
  lon: number[];
  /** null where there is none. */
  value: (number | null)[];
  coverage: number[];
  count: number[];
  state: AggregateState[];
  /** Seconds since the last reading, rounded up to 5 s; null when never. */
  age: (number | null)[];
  /** 1 where the latest value carries a doubtful or invalid flag, or the station is excluded. */
  doubtful: (0 | 1)[];
  indoor: (0 | 1)[];
  /** Kind of station: `citizen` or `reference` (official). */
  kind: ('citizen' | 'reference')[];
}

/** Where a client stands in the stream of changes. Another epoch means: take a new snapshot. */
export interface MapCursor {
  epoch: string;
  seq: number;
}

/** One tick's changes of one map layer: the same columns as `MapState` for the changed stations only. */
export interface MapChanged extends MapCursor {
  quantity: Quantity;
  average: Average;
  at: string;
  id: string[];
  value: (number | null)[];
  coverage: number[];
  count: number[];
  state: AggregateState[];
  /** Epoch seconds of the last reading; null when never. */
  lastSeen: (number | null)[];
  doubtful: (0 | 1)[];
  /** Stations new to the map, moved or renamed; their values are among the columns above. Put them in before the values. */
  added?: MapPlaces;
  /** Stations no longer public: take them off. Applied first, before `added`. */
  removed?: string[];
}

/** What the map knows of stations besides values: columns of equal length, meanings as in `MapState`. */
export type MapPlaces = Pick<MapState, 'id' | 'name' | 'lat' | 'lon' | 'indoor' | 'kind'>;

/** Up: which layer; with a cursor after a lost connection, so that the changes missed are sent and nothing else. */
export interface MapSubscribe {
  quantity: Quantity;
  average: Average;
  cursor?: MapCursor;
}

/** Down: where to fetch the whole layer. Changes with a higher `seq` than the fetched state's apply to it. */
export interface MapSnapshot extends MapCursor {
  quantity: Quantity;
  average: Average;
  /** Path, e.g. `/api/v1/map?quantity=pm25&average=1h`. */
  url: string;
}

/** One assessed reading of a station. */
export interface StationReading {
  stationId: string;
  sensor: string;
  measuredAt: string;
  values: Partial<Record<Quantity, number>>;
  flags: Partial<Record<Quantity, string[]>>;
}

/**
 * Down, in answer to `station:subscribe` with `since`: more was missed than is kept for replay, fetch the series again
 * from `from` on. Without it, everything missed follows as `station:reading`.
 */
export interface StationRefetch {
  stationId: string;
  /** ISO 8601 UTC: the `since` of the request. */
  from: string;
}

/** What the server saw of a device during onboarding. */
export interface OnboardingStep {
  at: string;
  step: 'connected' | 'token-ok' | 'token-wrong' | 'understood' | 'plausible' | 'on-map' | 'failed';
  /** Machine-readable cause of a failure: a rejection reason. */
  reason?: string;
  /** Sensors found in the body. */
  sensors?: string[];
  /** Values as received, for `plausible`. */
  values?: Partial<Record<Quantity, number>>;
}

/** Events from the server. */
export interface ServerEvents {
  'map:snapshot': (snapshot: MapSnapshot) => void;
  'map:changed': (changed: MapChanged) => void;
  'station:reading': (reading: StationReading) => void;
  'station:refetch': (refetch: StationRefetch) => void;
  'onboarding:step': (step: OnboardingStep) => void;
}

/**
 * Events from the browser. `since` of `station:subscribe` is the `measuredAt` of the newest reading the client has; a
 * late reading may come twice after a resume, so put readings in by sensor and time. Acknowledgements carry a problem or nothing. */
export interface ClientEvents {
  'map:subscribe': (request: MapSubscribe, ack?: (problem?: { error: string }) => void) => void;
  'map:unsubscribe': (request: Pick<MapSubscribe, 'quantity' | 'average'>) => void;
  'station:subscribe': (
    request: { stationId: string; since?: string },
    ack?: (problem?: { error: string }) => void,
  ) => void;
  'station:unsubscribe': (request: { stationId: string }) => void;
  'onboarding:watch': (
    request: { stationId: string; ownerKey: string },
    ack?: (problem?: { error: string }) => void,
  ) => void;
}
