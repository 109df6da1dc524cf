/** One message of a load, with all that is known of it: what a failed test has to tell. */
export interface LoadMessage {
  number: number;
  deviceId: string;
  stationId: string;
  /** The time it claims, epoch ms; undefined where the time is left to us. */
  stampedAt: number | undefined;
  sentAt: number;
  /** What the client said when it gave it up; each time it was published anew. */
  givenUp: string[];
  acknowledgedAt?: number;
}

/** Something that happened during a load, such as a kill of the server. */
export interface LoadEvent {
  /** Epoch ms. */
  at: number;
  what: string;
}

/** What is known of a message, in one line. */
export function factsOf(message: LoadMessage): string {
  const { number, deviceId, stampedAt, sentAt, acknowledgedAt, givenUp } = message;
  const stamp = stampedAt === undefined ? 'unstamped' : `stamped ${timeText(stampedAt)}`;
  const end = acknowledgedAt === undefined ? 'not acknowledged' : `acknowledged ${timeText(acknowledgedAt)}`;
  const again = givenUp.length === 0 ? '' : `, published again ${givenUp.length} times (${givenUp.at(-1)})`;
  return `#${number} of ${deviceId}, ${stamp}, sent ${timeText(sentAt)}${again}, ${end}`;
}

/** An event in one line. */
export function eventText({ at, what }: LoadEvent): string {
  return `  ${timeText(at)} ${what}`;
}

/** Time of day in UTC, to the millisecond. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
