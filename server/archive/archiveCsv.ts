import type { DeviceMessage, SensorValues } from '../domain/reading.ts';
import type { Position } from '../domain/station.ts';
import { parseDecimal } from '../ingest/decoders/number.ts';
import { toHectopascal } from '../ingest/decoders/units.ts';
import { type ColumnTarget, HEAD_COLUMNS, modelOfType, targetOf } from './archiveColumns.ts';
import { type ArchiveParser, type ArchiveRow, type ArchiveSource, type RefusedRow, refuseRow } from './archiveRow.ts';
import { ArchiveTimes } from './archiveTime.ts';
import { fieldAt, fieldStarts, isFieldEmpty, splitFields } from './fields.ts';
import { FIRST_OWN_NUMBER } from './sensorNames.ts';

const TIMESTAMP = HEAD_COLUMNS.indexOf('timestamp');
/** Heads kept at most: a network has 40,000 sensors, and coordinates that jitter would make more without end. */
const MAX_HEADS = 100_000;

/** What the part of a line before its time means. */
interface Head {
  source: ArchiveSource;
  model: string;
  targets: readonly (ColumnTarget | undefined)[];
}

/**
 * Rows of archive.sensor.community and of re-saves with commas:
 *
 *   sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2
 *   11245;SDS011;5680;49.857;8.646;2018-12-01T00:00:18;5.43;;;5.33;;
 *
 *   -> source   sensorId 11245, model sds011, locationId 5680, position 49.857 8.646
 *      values   {pm10: 5.43, pm25: 5.33} at 2018-12-01T00:00:18Z
 */
export class ArchiveCsvParser implements ArchiveParser {
  readonly format = 'archive';
  readonly #columns: readonly string[];
  readonly #delimiter: number;
  readonly #isIndoor: boolean;
  readonly #times = new ArchiveTimes();
  readonly #starts = fieldStarts();
  readonly #heads = new Map<string, Head | RefusedRow>();
  #lastHead = '';
  #last: Head | RefusedRow = refuseRow('unreadable');
  readonly #part: SensorValues = { sensor: '', values: {} };
  readonly #message: DeviceMessage = { format: 'airrohr', sensors: [this.#part], health: {}, refusedFields: [] };
  readonly #row: ArchiveRow = { source: { isIndoor: false }, measuredAt: 0, message: this.#message };

  constructor(columns: readonly string[], delimiter: string, isIndoor: boolean) {
    this.#columns = columns;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#isIndoor = isIndoor;
  }

  parse(text: string, from: number, to: number): ArchiveRow | RefusedRow {
    const starts = this.#starts;
    const count = splitFields(text, from, to, this.#delimiter, starts);
    if (count !== this.#columns.length) return refuseRow('wrong-field-count', `${count} of ${this.#columns.length}`);
    const head = this.#headOf(text, from, starts[TIMESTAMP] ?? from);
    if ('refused' in head) return head;
    const measuredAt = this.#times.parse(text, starts[TIMESTAMP] ?? 0, (starts[TIMESTAMP + 1] ?? 0) - 1);
    if (measuredAt === undefined) return refuseRow('time-unreadable', fieldAt(text, starts, TIMESTAMP));
    this.#fillPart(text, head);
    this.#row.source = head.source;
    this.#row.measuredAt = measuredAt;
    return this.#row;
  }

  #fillPart(text: string, { model, targets }: Head): void {
    const part = this.#part;
    this.#message.refusedFields.length = 0;
    part.sensor = model;
    part.values = {};
    delete part.extra;
    for (let i = TIMESTAMP + 1; i < targets.length; i++) {
      const target = targets[i];
      if (target === undefined || isFieldEmpty(this.#starts, i)) continue;
      const number = parseDecimal(text, this.#starts[i], (this.#starts[i + 1] ?? 0) - 1);
      const field = this.#columns[i] ?? '';
      if (number === undefined)
        this.#message.refusedFields.push({ field: `${model}.${field}`, reason: 'not-a-number' });
      else put(part, target, number);
    }
  }

  /** What the fields before the time say; nearly always the same as in the line before. */
  #headOf(text: string, from: number, to: number): Head | RefusedRow {
    if (this.#lastHead.length === to - from && text.startsWith(this.#lastHead, from)) return this.#last;
    const key = text.slice(from, to);
    let head = this.#heads.get(key);
    if (head === undefined) {
      if (this.#heads.size >= MAX_HEADS) this.#heads.clear();
      head = this.#readHead(text);
      this.#heads.set(key, head);
    }
    this.#lastHead = key;
    this.#last = head;
    return head;
  }

  #readHead(text: string): Head | RefusedRow {
    const [id = '', type = '', location = '', lat = '', lon = ''] = HEAD_COLUMNS.map((_, i) =>
      fieldAt(text, this.#starts, i),
    );
    const [sensorId, model] = [wholeNumber(id), modelOfType(type)];
    if (sensorId === undefined || model === undefined) return refuseRow('unreadable', `${id} ${type}`);
    const [locationId, position] = [wholeNumber(location), publicPlace(lat, lon)];
    const source: ArchiveSource = {
      ...(sensorId < FIRST_OWN_NUMBER ? { sensorId } : { ownNumber: sensorId }),
      model,
      isIndoor: this.#isIndoor,
      ...(locationId !== undefined && locationId < FIRST_OWN_NUMBER && { locationId }),
      ...(position && { position }),
    };
    return { source, model, targets: this.#columns.map((column) => targetOf(model, column)) };
  }
}

function put(part: SensorValues, target: ColumnTarget, number: number): void {
  if (target.to === 'value') {
    part.values[target.quantity] = target.quantity === 'pressure' ? toHectopascal(number) : number;
  } else {
    part.extra ??= {};
    part.extra[target.name] = number;
  }
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** The place as sensor.community makes it public; undefined without one, which it also writes as 0, 0. */
function publicPlace(latText: string, lonText: string): Position | undefined {
  const [lat, lon] = [parseDecimal(latText), parseDecimal(lonText)];
  if (lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180) return undefined;
  if (lat === 0 && lon === 0) return undefined;
  return { lat: Number(lat.toFixed(3)), lon: Number(lon.toFixed(3)) };
}
