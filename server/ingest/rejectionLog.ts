import type { Rejection, RejectionReason } from '../domain/reading.ts';

/** Rejections kept of one device. */
const KEPT_PER_DEVICE = 20;
/** Devices rejections are kept of; the one silent longest goes first. */
const MAX_DEVICES = 5_000;

/** One refused message or field, as operator and host see it. */
export interface LoggedRejection {
  /** Epoch ms. */
  at: number;
  reason: RejectionReason;
  detail: string;
}

/** Counts rejections by reason for ever, and keeps the last few of each device. Bounded in memory; gone with the process. */
export class RejectionLog {
  readonly #countsByReason = new Map<RejectionReason, number>();
  readonly #recentByDevice = new Map<string, LoggedRejection[]>();
  readonly #onRecorded: ((deviceId: string, rejection: Rejection) => void) | undefined;

  /** `onRecorded` is told of each rejection of a device. */
  constructor(onRecorded?: (deviceId: string, rejection: Rejection) => void) {
    this.#onRecorded = onRecorded;
  }

  /** Notes one rejection. `deviceId` is the authenticated identity, or the one claimed by an unknown device. */
  record(deviceId: string, rejection: Rejection, at: number): void {
    this.count(rejection.reason);
    this.#onRecorded?.(deviceId, rejection);
    const recent = this.#recentByDevice.get(deviceId) ?? [];
    if (recent.length >= KEPT_PER_DEVICE) recent.shift();
    recent.push({ at, reason: rejection.reason, detail: rejection.detail });
    // Taken out and put back: a Map keeps insertion order, so the first key is the device silent longest.
    this.#recentByDevice.delete(deviceId);
    this.#recentByDevice.set(deviceId, recent);
    if (this.#recentByDevice.size > MAX_DEVICES) this.#forgetOldest();
  }

  /** Counts one where there is no device to keep it for. */
  count(reason: RejectionReason, times = 1): void {
    this.#countsByReason.set(reason, (this.#countsByReason.get(reason) ?? 0) + times);
  }

  /** Totals since the start of the process. */
  countsByReason(): ReadonlyMap<RejectionReason, number> {
    return this.#countsByReason;
  }

  /** The last rejections of a device, oldest first. */
  recentOf(deviceId: string): readonly LoggedRejection[] {
    return this.#recentByDevice.get(deviceId) ?? [];
  }

  /** Devices that were refused lately, newest last: where the operator looks for unknown ones. */
  devices(): string[] {
    return [...this.#recentByDevice.keys()];
  }

  #forgetOldest(): void {
    for (const oldest of this.#recentByDevice.keys()) {
      this.#recentByDevice.delete(oldest);
      return;
    }
  }
}
