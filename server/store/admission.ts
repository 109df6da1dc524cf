import type { AcceptedMessage, Reading } from '../domain/reading.ts';
import {
  type MessageRow,
  mergeMessage,
  mergeReading,
  type StoredReading,
  storedAs,
  withMessagePart,
} from './admissionMerge.ts';
import type { AppendOutcome } from './readingStore.ts';

/** A key that may be stored already and therefore is read first. */
export interface LateKey {
  stationId: string;
  /** Empty for the message's own row. */
  sensor: string;
  measuredAt: number;
}

/** What the store holds of the late keys, by `keyOf`. Absent keys are absent. */
export interface Existing {
  readings: Map<string, StoredReading>;
  messages: Map<string, MessageRow>;
}

/** Rows to write for one batch, and what each message is told once they are durable. */
export interface Admitted {
  readings: Reading[];
  messages: MessageRow[];
  outcomes: AppendOutcome[];
}

/** Reads what is stored under the given keys. */
export type ReadExisting = (late: readonly LateKey[]) => Promise<Existing>;

/** Text form of a reading's key; `sensor` is empty for a message row. */
export function keyOf(key: LateKey): string {
  return `${key.stationId}/${key.sensor}/${key.measuredAt}`;
}

/**
 * Decides, for both stores, which rows of a batch are new: per field the first value wins. It keeps the newest time of
 * each series (its mark), so that a newer row, the usual case, is a plain append without a read; anything at or below
 * the mark, also a key seen earlier in the same batch, is read first and merged per field.
 *
 * Marks rise before the commit. A failed commit leaves them too high, which costs a read and never a wrong answer.
 */
export class Admission {
  /** Newest time in the whole store at open: the mark of every series not seen since. */
  readonly #firstMark: number;
  readonly #isKnown: (stationId: string, sensor: string) => boolean;
  /** Others write to the same store: their newest times are not known here. */
  readonly #isShared: boolean;
  readonly #marksByStation = new Map<string, Map<string, number>>();

  /**
   * `isKnown` is false only for a series that never had a row: history imported under it needs no read. `isShared`: others
   * write to the same store. A time that a device claims may then be taken by a row from elsewhere and is always read
   * first; a time of our own making cannot, since its bytes were told apart by their fingerprint.
   */
  constructor(
    newestStored: number,
    isKnown: (stationId: string, sensor: string) => boolean = () => true,
    isShared = false,
  ) {
    this.#firstMark = newestStored;
    this.#isKnown = isKnown;
    this.#isShared = isShared;
  }

  /** Rows to write and outcomes, in the order of `messages`. Values are finite and sensors distinct (see validate). */
  async admit(messages: readonly AcceptedMessage[], readExisting: ReadExisting): Promise<Admitted> {
    const late = this.#raiseMarks(messages);
    return late.length === 0 ? appended(messages) : merged(messages, late, await readExisting(late));
  }

  #raiseMarks(messages: readonly AcceptedMessage[]): LateKey[] {
    const late: LateKey[] = [];
    for (const message of messages) {
      const { stationId, measuredAt } = message;
      const marks = this.#marksOf(stationId);
      const mayBeTaken = this.#isShared && message.fingerprint === undefined;
      if (!this.#raise(marks, message, '') || mayBeTaken) late.push({ stationId, sensor: '', measuredAt });
      for (const reading of message.readings) {
        if (!this.#raise(marks, reading, reading.sensor) || mayBeTaken) late.push(reading);
      }
    }
    return late;
  }

  #raise(marks: Map<string, number>, { stationId, measuredAt }: Omit<LateKey, 'sensor'>, sensor: string): boolean {
    const mark = marks.get(sensor) ?? (this.#isKnown(stationId, sensor) ? this.#firstMark : Number.NEGATIVE_INFINITY);
    if (measuredAt <= mark) return false;
    marks.set(sensor, measuredAt);
    return true;
  }

  #marksOf(stationId: string): Map<string, number> {
    const known = this.#marksByStation.get(stationId);
    if (known) return known;
    const marks = new Map<string, number>();
    this.#marksByStation.set(stationId, marks);
    return marks;
  }
}

/** Everything is newer than anything stored. */
function appended(messages: readonly AcceptedMessage[]): Admitted {
  const readings: Reading[] = [];
  const outcomes: AppendOutcome[] = [];
  for (const message of messages) {
    for (const reading of message.readings) readings.push(reading);
    outcomes.push({ result: 'stored', conflicts: [], stored: message.readings });
  }
  return { readings, messages: [...messages], outcomes };
}

function merged(messages: readonly AcceptedMessage[], late: readonly LateKey[], existing: Existing): Admitted {
  const admitted: Admitted = { readings: [], messages: [], outcomes: [] };
  const lateKeys = new Set(late.map(keyOf));
  const lateTimes = new Set(late.map(({ measuredAt }) => measuredAt));
  for (const message of messages) {
    // Most messages of such a batch are not late: their keys need not be made.
    if (isApart(message, lateTimes)) {
      admitted.readings.push(...message.readings);
      admitted.messages.push(message);
      admitted.outcomes.push({ result: 'stored', conflicts: [], stored: message.readings });
      continue;
    }
    const outcome: AppendOutcome = { result: 'duplicate', conflicts: [], stored: [] };
    for (const reading of message.readings) admitReading(reading, lateKeys, existing, outcome);
    const row = admitMessage(message, lateKeys, { existing, isPart: outcome.stored.length > 0 });
    if (row) admitted.messages.push(row);
    if (row || outcome.stored.length > 0) outcome.result = 'stored';
    admitted.readings.push(...outcome.stored);
    admitted.outcomes.push(outcome);
  }
  return admitted;
}

/** True when no late key has a time of this message, so that none can be its own. */
function isApart(message: AcceptedMessage, lateTimes: ReadonlySet<number>): boolean {
  if (lateTimes.has(message.measuredAt)) return false;
  return message.readings.every(({ measuredAt }) => !lateTimes.has(measuredAt));
}

function admitReading(reading: Reading, lateKeys: Set<string>, existing: Existing, outcome: AppendOutcome): void {
  const key = keyOf(reading);
  const before = existing.readings.get(key);
  if (before === undefined) {
    outcome.stored.push(reading);
    if (lateKeys.has(key)) existing.readings.set(key, storedAs(reading));
    return;
  }
  const { part, conflicts, after } = mergeReading(reading, before);
  outcome.conflicts.push(...conflicts);
  existing.readings.set(key, after);
  if (part) outcome.stored.push(part);
}

function admitMessage(
  message: MessageRow,
  lateKeys: Set<string>,
  { existing, isPart }: { existing: Existing; isPart: boolean },
): MessageRow | undefined {
  const key = keyOf({ ...message, sensor: '' });
  const before = existing.messages.get(key);
  if (before === undefined) {
    if (lateKeys.has(key)) existing.messages.set(key, message);
    return message;
  }
  const part = mergeMessage(message, before, isPart);
  if (part) existing.messages.set(key, withMessagePart(before, part));
  return part;
}
