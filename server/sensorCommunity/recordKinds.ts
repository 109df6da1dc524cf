import type { Quantity } from '../domain/quantity.ts';

/** Files of sliding means. */
export const MEANS_KINDS = ['1h', '24h'] as const;

/** What a file holds: single readings or means of five minutes, an hour or a day, all quantities or a part of them. */
export type RecordKind = 'readings' | '5min' | MeansKind | PartKind;
/** Kinds that hold sliding means. */
export type MeansKind = (typeof MEANS_KINDS)[number];
/** Kinds that hold some quantities of the five-minute means only. */
export type PartKind = 'dust' | 'climate' | 'noise';

/** Quantities of the files that hold a part only. */
export const QUANTITIES_OF: Readonly<Record<PartKind, readonly Quantity[]>> = {
  dust: ['pm1', 'pm25', 'pm4', 'pm10'],
  climate: ['temperature', 'humidity', 'pressure'],
  noise: ['noise'],
};

/** Kinds that hold a part of the five-minute means. */
export const PARTS = Object.keys(QUANTITIES_OF) as PartKind[];

/**
 * Where records are written. Five-minute means of one part lie together, so that the file of a part is some logs of the
 * file of all: an instrument of several parts is among `other`, and each of its parts cut from it in a log of its own.
 */
export type LogName = 'readings' | MeansKind | PartKind | 'other' | `cut-${PartKind}`;

/** The logs a file of a kind is made of. */
export const LOGS_OF: Readonly<Record<RecordKind, readonly LogName[]>> = {
  readings: ['readings'],
  '5min': [...PARTS, 'other'],
  dust: ['dust', 'cut-dust'],
  climate: ['climate', 'cut-climate'],
  noise: ['noise', 'cut-noise'],
  '1h': ['1h'],
  '24h': ['24h'],
};

/** Logs of the files of the last five minutes. */
export const MINUTE_LOGS: readonly LogName[] = [
  'readings',
  ...PARTS,
  'other',
  ...PARTS.map((part) => `cut-${part}` as const),
];
