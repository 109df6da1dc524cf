import type { DeviceMessage, RejectionReason } from '../domain/reading.ts';
import type { Position } from '../domain/station.ts';
import type { ReferenceReason } from './reference/referenceFile.ts';

/** Whose a row is, as the file says it. One object for all rows that say the same. */
export interface ArchiveSource {
  /** sensor.community's number of the instrument; absent in files of one device. */
  sensorId?: number;
  /** Permanent number of an instrument that is not sensor.community's, as our own export writes it. */
  ownNumber?: number;
  /** Instrument in our spelling (`sds011`); absent where a row carries several. */
  model?: string;
  /** sensor.community's number of the place. */
  locationId?: number;
  /** Rounded to what sensor.community makes public, 0.001 degrees. */
  position?: Position;
  /** Device the file belongs to, as it names itself: `esp8266-12779556`. */
  deviceId?: string;
  isIndoor: boolean;
}

/** One understood row. Parsers use one object again and again: read it before the next line is parsed. */
export interface ArchiveRow {
  source: ArchiveSource;
  /** Epoch ms UTC, as claimed. */
  measuredAt: number;
  /** In our units, not judged yet. Its `values` and `extra` are the row's own. */
  message: DeviceMessage;
}

/** Why a row or a file was not taken: the reasons of live messages, and those only files have. */
export type ImportReason =
  | RejectionReason
  | 'wrong-field-count' // fewer or more fields than the header has columns
  | 'cut-off' // the last line has no end: its last number may lack digits
  | 'no-place' // the first row of a sensor without coordinates
  | 'no-code' // means of an official station of which neither the file nor the command says the code
  | 'no-station' // a file of one device, which no station has
  | 'other-place' // a row from elsewhere than the station it was to go to
  | ReferenceReason
  | 'unknown-format'
  | 'unreadable-file';

/** A row that is not taken. */
export interface RefusedRow {
  refused: ImportReason;
  /** What stood there, at most 60 characters. */
  detail: string;
}

/** Makes a refusal. */
export function refuseRow(refused: ImportReason, detail = ''): RefusedRow {
  return { refused, detail: detail.slice(0, 60) };
}

/** True for a refusal among rows. */
export function isRefusedRow(row: ArchiveRow | RefusedRow): row is RefusedRow {
  return 'refused' in row;
}

/** Understands the lines of one file in one format. */
export interface ArchiveParser {
  /** The format's name in reports. */
  readonly format: 'archive' | 'madavi' | 'push-log';
  /** What the operator should know about every file of this format. */
  readonly note?: string;
  /** The row in `text[from, to)`, a line without its end. */
  parse(text: string, from: number, to: number): ArchiveRow | RefusedRow;
}
