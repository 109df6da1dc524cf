import { MINUTE_MS } from '../domain/durations.ts';
import { type AcceptedMessage, isRejection } from '../domain/reading.ts';
import { type RefusedField, type ValidationContext, validate } from '../ingest/validate.ts';
import { type ArchiveRow, type ArchiveSource, type RefusedRow, refuseRow } from './archiveRow.ts';
import type { ImportTarget, StationPlaces } from './stationPlaces.ts';

/** As for live messages: a clock may run ahead by this much. */
const MAX_AHEAD_MS = 2 * MINUTE_MS;
/** Before any device of this kind: a clock that was never set says 1970 or 2000. */
const EARLIEST = Date.UTC(2010, 0, 1);
const NO_FIELDS: readonly RefusedField[] = [];

/** Judges rows as the pipeline judges messages: where they belong, whether their time can be, what of them is a value. */
export class RowJudge {
  /** Fields of the last row that stayed behind while the rest was taken. */
  refusedFields: readonly RefusedField[] = NO_FIELDS;
  readonly #places: Pick<StationPlaces, 'targetOf'>;
  readonly #now: number;
  readonly #earliest: number;
  readonly #targets = new WeakMap<ArchiveSource, ImportTarget | RefusedRow>();
  #source: ArchiveSource | undefined;
  #target: ImportTarget | RefusedRow = refuseRow('no-place');
  readonly #context: ValidationContext = { stationId: '', measuredAt: 0, sensorModels: [], isClaimed: true };

  /**
   * `fixedUntil`: hours before it are made for good here, since readings were pruned: nothing could be made of older ones.
   */
  constructor(places: Pick<StationPlaces, 'targetOf'>, now: number, fixedUntil = Number.NEGATIVE_INFINITY) {
    this.#places = places;
    this.#now = now;
    this.#earliest = Math.max(EARLIEST, fixedUntil);
  }

  /** The message to store, or why there is none. */
  judge({ source, measuredAt, message }: ArchiveRow): AcceptedMessage | RefusedRow {
    if (measuredAt > this.#now + MAX_AHEAD_MS) return refuseRow('time-in-future', isoTime(measuredAt));
    if (measuredAt < this.#earliest) return refuseRow('time-too-old', isoTime(measuredAt));
    const target = source === this.#source ? this.#target : this.#targetOf(source);
    if ('refused' in target) return target;
    const part = message.sensors[0];
    if (target.sensor !== undefined && part !== undefined) part.sensor = target.sensor;
    const judged = validate(message, this.#contextFor(target, measuredAt));
    if (isRejection(judged)) return refuseRow(judged.reason, judged.detail);
    this.refusedFields = judged.refused;
    return {
      stationId: target.stationId,
      measuredAt,
      receivedAt: this.#now,
      health: message.health,
      readings: judged.readings,
    };
  }

  #contextFor({ stationId, sensorModels }: ImportTarget, measuredAt: number): ValidationContext {
    this.#context.stationId = stationId;
    this.#context.sensorModels = sensorModels;
    this.#context.measuredAt = measuredAt;
    return this.#context;
  }

  #targetOf(source: ArchiveSource): ImportTarget | RefusedRow {
    let target = this.#targets.get(source);
    if (target === undefined) {
      const found = this.#places.targetOf(source);
      target = typeof found === 'string' ? refuseRow(found, describe(source)) : found;
      this.#targets.set(source, target);
    }
    this.#source = source;
    this.#target = target;
    return target;
  }
}

function describe({ sensorId, ownNumber, deviceId }: ArchiveSource): string {
  const number = sensorId ?? ownNumber;
  return number === undefined ? (deviceId ?? 'no device named') : `sensor ${number}`;
}

function isoTime(time: number): string {
  return Math.abs(time) > 8.64e15 ? 'not a time' : new Date(time).toISOString();
}
