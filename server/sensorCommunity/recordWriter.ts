import { PLACE_OF_QUANTITY, type Quantity } from '../domain/quantity.ts';
import { putFullDecimals, putText, putTime, putTwoDecimals } from './recordDigits.ts';
import { prepareIds, putRecordId, putValueId, VALUES_PER_RECORD } from './recordIds.ts';

/** Longest values of a record, bytes: 17 of them with ids of 16 digits and numbers of 25. */
const LONGEST_VALUES = 4_096;
/** Room beyond what was needed last time: files grow and shrink by a few bytes from one look to the next. */
const FIRST_CAPACITY = 4_096;

/** Sensor numbers a record's id tells apart; ours are consecutive from 1e9 up, theirs lie below 100,000. */
const SENSORS_PER_SECOND = 2 ** 19;
/** 2020-01-01, s: ids stay below 2^53 until 2054. */
const FIRST_SECOND = 1_577_836_800;

const ID = ascii('{"id":');
const VALUE = ascii(',"value":"');
const NUMBER = ascii('{"value":');
const END = ascii(']},');
const BEFORE_TIME = ',"sampling_rate":null,"timestamp":"';

/** The parts of a record that stay. */
export interface RecordFrame {
  sensorId: number;
  /** Holds what stands between the record's id and its values, with any time: `length` bytes from `from` on. */
  bytes: Uint8Array;
  from: number;
  length: number;
  /** Places of all quantities in a row, in the order of their values. */
  places: readonly number[];
}

/** A frame; `text` holds location and sensor: `"location":{...},"sensor":{...}`. */
export function recordFrame(sensorId: number, text: string, order: readonly Quantity[]): RecordFrame {
  const places = placesOf(order);
  const bytes = ascii(`${BEFORE_TIME}0000-00-00 00:00:00",${text},"sensordatavalues":[`);
  return { sensorId, places, bytes, from: 0, length: bytes.length };
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
export function valueEnding(type: string): Uint8Array {
  return ascii(`","value_type":"${type}"},`);
}

const SEA_LEVEL_END = ascii(',"value_type":"pressure_at_sealevel"},');

/**
 * Writes records into bytes, one behind the other, each followed by a comma. A record's ids follow from sensor and second
 * alone, so that they are the same after a restart.
 */
export class RecordWriter {
  bytes: Uint8Array;
  /** Where the next byte goes. */
  at = 0;
  #start = 0;
  #values = 0;
  #ordinal = 0;

  constructor(bytes: Uint8Array = newBytes(FIRST_CAPACITY)) {
    this.bytes = bytes;
  }

  /** Begins a record of a time, epoch ms. */
  begin({ sensorId, bytes, from, length }: RecordFrame, measuredAt: number): void {
    this.#reserve(length + LONGEST_VALUES);
    this.#start = this.at;
    this.#values = 0;
    this.#ordinal = 0;
    const second = Math.max(0, Math.floor(measuredAt / 1000) - FIRST_SECOND);
    prepareIds(second * SENSORS_PER_SECOND + (sensorId % SENSORS_PER_SECOND));
    this.#put(ID);
    this.at = putRecordId(this.bytes, this.at);
    this.bytes.set(bytes.subarray(from, from + length), this.at);
    putTime(this.bytes, this.at + BEFORE_TIME.length, measuredAt);
    this.at += length;
  }

  /** A value as the firmware writes it: two decimals, more only where it has more. */
  value(ending: Uint8Array, value: number): void {
    if (!this.#beginValue()) return;
    this.at = putFullDecimals(this.bytes, this.at, value);
    this.#put(ending);
  }

  /** A mean: two decimals. */
  mean(ending: Uint8Array, value: number): void {
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
    this.at = putValueId(this.bytes, this.at, this.#ordinal++);
    this.#put(VALUE);
    this.#values++;
    return true;
  }

  #put(text: Uint8Array): void {
    const { bytes, at } = this;
    // A loop: for so few bytes quicker than a call of `set`.
    for (let index = 0; index < text.length; index++) bytes[at + index] = text[index]!;
    this.at = at + text.length;
  }

  #reserve(length: number): void {
    const needed = this.at + length;
    if (needed <= this.bytes.length) return;
    const grown = newBytes(Math.ceil(needed * 1.5));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }
}

/** Bytes to be written; no `Buffer`, whose `subarray` takes half as long again. */
export function newBytes(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
