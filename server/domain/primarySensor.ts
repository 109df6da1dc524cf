import { HOUR_MS } from './durations.ts';
import { isParticulate, type Quantity } from './quantity.ts';

/**
 * Which instrument speaks for a station when several measure the same quantity. Particulates: the one the station
 * declares first, since its host knows what hangs outside; undeclared ones by `PARTICULATE_ORDER`. Everything else: by
 * `CLIMATE_ORDER`, whatever was declared first. Equal rank: alphabetical, so `sds011` before `sds011-2`.
 */

/** Undeclared particle sensors: those that sample through the whole interval first, then those with 5-second snapshots. */
const PARTICULATE_ORDER = ['sps30', 'sen55', 'sen54', 'sen50', 'sen5x', 'npm', 'ips', 'pms', 'sds011', 'sds021', 'hpm'];

/** Outdoor housings first, instruments that stick at their end stop (DHT22 at 99.9 %) or warm themselves (SCD, SEN5x) last. */
const CLIMATE_ORDER = ['bme280', 'sht', 'htu21d', 'si7021', 'aht', 'scd', 'bmp', 'ds18b20', 'sen5', 'dht22', 'dht'];

/** A sensor silent for longer gives way to another, ms: by then its sliding hour is empty. */
const GIVES_WAY_AFTER_MS = HOUR_MS;

/** One instrument that has measured the quantity, and when last, epoch ms. */
export interface SensorCandidate {
  sensor: string;
  lastMeasuredAt: number;
}

/** What the choice depends on. */
export interface PrimaryContext {
  quantity: Quantity;
  /** Sensor models as the station declares them, first one first. */
  declared: readonly string[];
  now: number;
}

/**
 * The candidate that speaks for the station: the best ranked of those heard within the last hour; when none was, of those
 * heard within the hour up to the last reading of all, so that silence of the whole station changes nothing. Undefined
 * without candidates.
 */
export function primarySensor<T extends SensorCandidate>(
  candidates: readonly T[],
  context: PrimaryContext,
): T | undefined {
  let lastHeard = Number.NEGATIVE_INFINITY;
  for (const { lastMeasuredAt } of candidates) lastHeard = Math.max(lastHeard, lastMeasuredAt);
  const isSilent = lastHeard < context.now - GIVES_WAY_AFTER_MS;
  const then = isSilent ? { ...context, now: lastHeard } : context;
  let best: T | undefined;
  for (const candidate of candidates) {
    if (best === undefined || speaksBefore(candidate, best, then)) best = candidate;
  }
  return best;
}

function speaksBefore(a: SensorCandidate, b: SensorCandidate, context: PrimaryContext): boolean {
  const aliveSince = context.now - GIVES_WAY_AFTER_MS;
  const isAliveA = a.lastMeasuredAt >= aliveSince;
  const isAliveB = b.lastMeasuredAt >= aliveSince;
  if (isAliveA !== isAliveB) return isAliveA;
  if (!isAliveA && a.lastMeasuredAt !== b.lastMeasuredAt) return a.lastMeasuredAt > b.lastMeasuredAt;
  const rankA = rank(a.sensor, context);
  const rankB = rank(b.sensor, context);
  return rankA === rankB ? a.sensor < b.sensor : rankA < rankB;
}

function rank(sensor: string, { quantity, declared }: PrimaryContext): number {
  const order = isParticulate(quantity) ? PARTICULATE_ORDER : CLIMATE_ORDER;
  const known = order.findIndex((model) => sensor.startsWith(model));
  const rankByTable = known === -1 ? order.length : known;
  if (!isParticulate(quantity)) return rankByTable;
  const model = modelOf(sensor);
  const declaredAt = declared.findIndex((name) => modelOf(name.toLowerCase()) === model);
  return declaredAt === -1 ? declared.length + rankByTable : declaredAt;
}

/** `bme280-2` -> `bme280`. */
function modelOf(sensor: string): string {
  return sensor.replace(/-\d+$/, '');
}
