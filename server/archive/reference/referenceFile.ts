import type { Position, ReferenceType } from '../../domain/station.ts';

/** Particulates official stations are imported for. */
export type ReferenceQuantity = 'pm25' | 'pm10';

/** A mean an official network made and published. */
export interface ReferenceValue {
  /** The network's code or number of the station; empty where the file names none. */
  code: string;
  quantity: ReferenceQuantity;
  /** `1h`: a clock hour; `24h`: a day of the network. */
  span: '1h' | '24h';
  /** Start of the window, epoch ms UTC, however the file labels it. */
  start: number;
  /** µg/m³. */
  value: number;
}

/** What a file says of a station. */
export interface ReferencePlace {
  code: string;
  /** Other name of the same station in the same network: values may go by a number, people by a code. */
  number?: string;
  name: string;
  position: Position;
  type: ReferenceType;
}

/** Why a line, or one value of it, was not taken. */
export type ReferenceReason =
  | 'gliding-mean' // a 24-hour mean that ends at another hour than a day's: no hourly value, and no day's
  | 'not-a-number'
  | 'out-of-bounds'
  | 'time-unreadable'
  | 'no-such-hour' // skipped when the clocks went forward
  | 'wrong-field-count'
  | 'cut-off';

/** A refusal with its place. */
export interface ReferenceRefusal {
  reason: ReferenceReason;
  line: number;
  detail: string;
}

/** One file, understood. */
export interface ReferenceFile {
  values: ReferenceValue[];
  places: ReferencePlace[];
  /** Lines or entries with data. */
  rows: number;
  refused: ReferenceRefusal[];
  /** What the operator should know, and whom to credit, as the file says it. */
  notes: string[];
}

/** An empty one. */
export function emptyReferenceFile(): ReferenceFile {
  return { values: [], places: [], rows: 0, refused: [], notes: [] };
}

/** Largest official value taken, µg/m³: above it a number is a mistake, not air. */
const MAX_VALUE = 5_000;

/** Reads a number as the networks write it; undefined for none, a refusal's reason for one that cannot be. */
export function officialNumber(text: string): number | undefined | 'not-a-number' | 'out-of-bounds' {
  const trimmed = text.trim();
  if (/^(-|n\/?a|no data|null|nan)?$/i.test(trimmed)) return undefined;
  if (!/^-?\d+([.,]\d+)?$/.test(trimmed)) return 'not-a-number';
  const value = Number(trimmed.replace(',', '.'));
  // Gravimetry and beta gauges go slightly below zero in clean air; -999 and the like are marks.
  return value < -20 || value > MAX_VALUE ? 'out-of-bounds' : value;
}
