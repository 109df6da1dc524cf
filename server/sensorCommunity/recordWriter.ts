import { PLACE_OF_QUANTITY, type Quantity } from '../domain/quantity.ts';
import { type Ascii, asciiOf, putAscii, type Writable, writable } from './ascii.ts';
import { putFullDecimals, putText, putTime, putTwoDecimals, TIME_LENGTH } from './recordDigits.ts';
import { prepareIds, putRecordId, putValueId, VALUES_PER_RECORD } from './recordIds.ts';

/** Longest values of a record, bytes: 17 of them with ids of 16 digits and numbers of 25. */
const LONGEST_VALUES = 4_096;
/** Room beyond what was needed last time: files grow and shrink by a few bytes from one look to the next. */
const FIRST_CAPACITY = 4_096;

/** Sensor numbers a record's id tells apart; ours are consecutive from 1e9 up, theirs lie below 100,000. */
const SENSORS_PER_SECOND = 2 ** 19;
/** 2020-01-01, s: ids stay below 2^53 until 2054. */
const FIRST_SECOND = 1_577_836_800;

const ID = asciiOf('{"id":');
const VALUE = asciiOf(',"value":"');
const NUMBER = asciiOf('{"value":');
const END = asciiOf(']},');
const BEFORE_TIME = asciiOf(',"sampling_rate":null,"timestamp":"');
/** Bytes between a record's id and its frame. */
export const FRAME_BEHIND_ID = BEFORE_TIME.length + TIME_LENGTH;

/** The parts of a record that stay. */
export interface RecordFrame {
  sensorId: number;
  /** What stands between its time and its values. */
  text: Ascii;
  /** Places of all quantities in a row, in the order of their values. */
  places: readonly number[];
}

/** A frame; `text` holds location and sensor: `"location":{...},"sensor":{...}`. */
export function recordFrame(sensorId: number, text: string, order: readonly Quantity[]): RecordFrame {
  return { sensorId, text: asciiOf(`",${text},"sensordatavalues":[`), places: placesOf(order) };
}

/** Few, and the same for most frames: they stay at hand. */
const placesByOrder = new Map<readonly Quantity[], readonly number[]>();

function placesOf(order: readonly Quantity[]): readonly number[] {
  const known = placesByOrder.get(order);
  if (known !== undefined) return known;
  const made = order.map((quantity) => PLACE_OF_QUANTITY[quantity]);
  placesByOrder.set(order, made);
  return made;
}

/** How a value ends: its name there. */
export function valueEnding(type: string): Ascii {
  return asciiOf(`","value_type":"${type}"},`);
}

const SEA_LEVEL_END = asciiOf(',"value_type":"pressure_at_sealevel"},');

/**
 * Writes records into bytes, one behind the other, each followed by a comma. A record's ids follow from sensor and second
 * alone, so that they are the same after a restart.
 */
export class RecordWriter implements Writable {
  bytes: Uint8Array;
  view: DataView;
  /** Where the next byte goes. */
  at = 0;
  #start = 0;
  #values = 0;
  #ordinal = 0;

  constructor(bytes: Uint8Array = newBytes(FIRST_CAPACITY)) {
    this.bytes = bytes;
    this.view = writable(bytes).view;
  }

  /** Begins a record of a time, epoch ms. */
  begin({ sensorId, text }: RecordFrame, measuredAt: number): void {
    this.#reserve(text.length + LONGEST_VALUES);
    this.#start = this.at;
    this.#values = 0;
    this.#ordinal = 0;
    const second = Math.max(0, Math.floor(measuredAt / 1000) - FIRST_SECOND);
    prepareIds(second * SENSORS_PER_SECOND + (sensorId % SENSORS_PER_SECOND));
    this.#put(ID);
    this.at = putRecordId(this.view, this.at);
    this.#put(BEFORE_TIME);
    this.at = putTime(this, this.at, measuredAt);
    this.#put(text);
  }

  /** A value as the firmware writes it: two decimals, more only where it has more. */
  value(ending: Ascii, value: number): void {
    if (!this.#beginValue()) return;
    this.at = putFullDecimals(this.bytes, this.at, value);
    this.#put(ending);
  }

  /** A mean: two decimals. */
  mean(ending: Ascii, value: number): void {
    if (!this.#beginValue()) return;
    this.at = putTwoDecimals(this.bytes, this.at, value);
    this.#put(ending);
  }

  /** The pressure at sea level: a number without an id, with two decimals at most. */
  seaLevel(value: number): void {
    this.#put(NUMBER);
    this.at = putText(this.bytes, this.at, String(Number(value.toFixed(2))));
    this.#put(SEA_LEVEL_END);
    this.#values++;
  }

  /** Ends a record; one without values is taken back. */
  end(): void {
    if (this.#values === 0) {
      this.at = this.#start;
      return;
    }
    // The comma of the last value.
    this.at--;
    this.#put(END);
  }

  /** Bytes of another buffer. */
  copy(from: Uint8Array, start: number, end: number): void {
    if (start >= end) return;
    this.#reserve(end - start);
    this.bytes.set(from.subarray(start, end), this.at);
    this.at += end - start;
  }

  /** The records written as a JSON array. */
  toJson(): Buffer {
    const list = Buffer.from(this.bytes.buffer, this.bytes.byteOffset, Math.max(0, this.at - 1));
    return Buffer.concat([Buffer.from('['), list, Buffer.from(']')]);
  }

  #beginValue(): boolean {
    if (this.#ordinal === VALUES_PER_RECORD) return false;
    this.#put(ID);
    this.at = putValueId(this, this.at, this.#ordinal++);
    this.#put(VALUE);
    this.#values++;
    return true;
  }

  #put(text: Ascii): void {
    this.at = putAscii(this.view, this.at, text);
  }

  #reserve(length: number): void {
    const needed = this.at + length;
    if (needed <= this.bytes.length) return;
    const grown = newBytes(Math.ceil(needed * 1.5));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = writable(grown).view;
  }
}

/** Bytes to be written; no `Buffer`, whose `subarray` takes half as long again. */
export function newBytes(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}
