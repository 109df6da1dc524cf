import { REJECTION_REASONS, type Rejection, reject } from '../server/domain/reading.ts';
import { readJson } from '../server/process/jsonMessage.ts';

/** What a bridge saw of a device at its door and the server would not hear of otherwise. */
export interface SeenAtDoor {
  deviceId: string;
  rejection: Rejection;
}

/** Messages in one report; a flood of wrong tokens must not become a flood of reports. */
const MAX_REPORTED = 100;
const REPORT_MS = 1_000;

/**
 * Gathers refusals at the doors of a bridge on its own and sends them to the server once a second, so that the host sees
 * what is wrong with a device and the operator its counts. Bounded: what is beyond a hundred a second is left out.
 */
export class DoorReport {
  readonly #send: (payload: string) => void;
  readonly #seen = new Map<string, SeenAtDoor>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (payload: string) => void) {
    this.#send = send;
  }

  /** Notes one refusal; the same of the same device within a second is one. */
  add(deviceId: string, rejection: Rejection): void {
    if (this.#seen.size >= MAX_REPORTED) return;
    this.#seen.set(`${deviceId} ${rejection.reason}`, { deviceId, rejection });
    this.#timer ??= setTimeout(() => this.#flush(), REPORT_MS);
    this.#timer.unref();
  }

  #flush(): void {
    this.#timer = undefined;
    this.#send(encodeSeen([...this.#seen.values()]));
    this.#seen.clear();
  }
}

/** Refusals as one message: `[["esp8266-1", "wrong-token", "No or wrong token."]]`. */
function encodeSeen(seen: readonly SeenAtDoor[]): string {
  return JSON.stringify(seen.map(({ deviceId, rejection }) => [deviceId, rejection.reason, rejection.detail]));
}

/** The refusals in a message of a bridge; none for what is no such message. */
export function decodeSeen(payload: Uint8Array): SeenAtDoor[] {
  const entries = readJson(payload);
  if (!Array.isArray(entries)) return [];
  const seen: SeenAtDoor[] = [];
  for (const entry of entries.slice(0, MAX_REPORTED) as unknown[]) {
    const [deviceId, word, detail] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const reason = REJECTION_REASONS.find((known) => known === word);
    if (typeof deviceId !== 'string' || reason === undefined) continue;
    seen.push({ deviceId, rejection: reject(reason, String(detail)) });
  }
  return seen;
}
