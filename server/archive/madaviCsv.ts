import { isRejection } from '../domain/reading.ts';
import { fileField } from '../ingest/decoders/airrohrFields.ts';
import { TARGET_BY_NAME } from '../ingest/decoders/airrohrNames.ts';
import { MessageDraft } from '../ingest/decoders/messageDraft.ts';
import { type ArchiveParser, type ArchiveRow, type ArchiveSource, type RefusedRow, refuseRow } from './archiveRow.ts';
import { ArchiveTimes } from './archiveTime.ts';
import { fieldAt, fieldStarts, isFieldEmpty, splitFields } from './fields.ts';

/** Names of Madavi's columns where they are not those of the firmware (madavi-api, `data.php`). */
const FIRMWARE_NAME: Readonly<Record<string, string>> = {
  Temp: 'temperature',
  Humidity: 'humidity',
  Samples: 'samples',
  Min_cycle: 'min_micro',
  Max_cycle: 'max_micro',
  Signal: 'signal',
};

/** Columns at the end of the header that Madavi's rows may lack. */
const OFTEN_MISSING = ['HPM_P1', 'HPM_P2'];
const SEMICOLON = 59;

/**
 * Rows of a device's day at Madavi, the same names as in a push of the firmware and judged as one:
 *
 *   Time;durP1;...;SDS_P1;SDS_P2;PMS_P1;PMS_P2;Temp;Humidity;...;Samples;Min_cycle;Max_cycle;Signal;HPM_P1;HPM_P2
 *   2018/10/09 00:02:25;;;;;;;65.08;42.03;;;27.70;93.60;;;;;;614518;230;26719;-61
 *
 * The header has 24 columns, the rows 22. No zone is stated.
 */
export class MadaviCsvParser implements ArchiveParser {
  readonly format = 'madavi';
  readonly note = 'Madavi files state no time zone: their times are taken as UTC.';
  readonly #names: readonly string[];
  readonly #shortest: number;
  readonly #source: ArchiveSource;
  readonly #times = new ArchiveTimes();
  readonly #starts = fieldStarts();

  constructor(columns: readonly string[], fileName: string) {
    this.#names = columns.map((column) => FIRMWARE_NAME[column] ?? column);
    const isShort = OFTEN_MISSING.every((name, i) => columns.at(i - OFTEN_MISSING.length) === name);
    this.#shortest = columns.length - (isShort ? OFTEN_MISSING.length : 0);
    const chip = /^data-((?:esp8266|esp32|raspi)-[A-Za-z0-9_]{3,40}?)-\d{4}-\d{2}-\d{2}/.exec(fileName)?.[1];
    this.#source = { isIndoor: false, ...(chip !== undefined && { deviceId: chip }) };
  }

  parse(text: string, from: number, to: number): ArchiveRow | RefusedRow {
    const count = splitFields(text, from, to, SEMICOLON, this.#starts);
    if (count !== this.#names.length && count !== this.#shortest) {
      return refuseRow('wrong-field-count', `${count} of ${this.#names.length}`);
    }
    const measuredAt = this.#times.parse(text, this.#starts[0] ?? 0, (this.#starts[1] ?? 0) - 1);
    if (measuredAt === undefined) return refuseRow('time-unreadable', fieldAt(text, this.#starts, 0));
    const message = this.#messageOf(text, count);
    return isRejection(message)
      ? refuseRow(message.reason, message.detail)
      : { source: this.#source, measuredAt, message };
  }

  #messageOf(text: string, count: number) {
    const present = this.#names.map((_, i) => i).filter((i) => i > 0 && i < count && !isFieldEmpty(this.#starts, i));
    const names = present.map((i) => this.#names[i] ?? '');
    const draft = new MessageDraft();
    for (const [at, name] of names.entries()) {
      const raw = fieldAt(text, this.#starts, present[at] ?? 0);
      fileField(draft, { name, raw, target: TARGET_BY_NAME.get(name), names });
    }
    return draft.finish('airrohr');
  }
}
