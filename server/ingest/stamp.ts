import { DEFAULT_CADENCE_MS } from '../domain/aggregate.ts';
import { type AcceptedMessage, type DeviceMessage, type Rejection, reject } from '../domain/reading.ts';
import type { Arrival } from './arrival.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { FingerprintIndex } from './fingerprintIndex.ts';

/** A payload's own time is taken from this far back to this far ahead of our clock, ms (contract, Readings). */
const MAX_CLAIMED_AGE_MS = 7 * 86_400_000;
/** See `MAX_CLAIMED_AGE_MS`. */
const MAX_CLAIMED_AHEAD_MS = 2 * 60_000;
/** How long the same unstamped bytes are the same reading when their counters make them unique, ms. */
export const UNIQUE_BYTES_MS = 86_400_000;
/** Parts of a cycle that come within this long of its first share its time, ms. */
const CYCLE_MS = 20_000;
/** Several ingest nodes may hand the parts of one cycle on out of order, by this much at most, ms. */
const OUT_OF_ORDER_MS = 2_000;
/** Parts one cycle can have; a device that invents names begins a new one. */
const MAX_PARTS = 32;
/** An airRohr sends at most this often (`sending_intervall_ms`, airRohr firmware): faster gaps are no cadence, ms. */
const SHORTEST_AIRROHR_CADENCE_MS = 5_000;
/** Cadence assumed of a device other than airRohr before its second message: ESPHome's and Tasmota's quick settings. */
const QUICK_CADENCE_MS = 30_000;
/** A longer gap in what an earlier run stored is rather a device that was away than its cadence, ms. */
const LONGEST_RESTORED_GAP_MS = 10 * 60_000;
/**
 * While our clock is at most this far behind a station's last stamp, the next stamp follows the last by 1 ms: order is
 * kept over small corrections. After a larger step the clock is believed, or hours of readings would share one moment.
 */
const MAX_CLOCK_CORRECTION_MS = 10 * 60_000;
/** Times of several nodes differ in their rest by so many ms: then no two of them give a station the same one. */
const SLOTS = 32;
/** About 16 million entries of 12 bytes a slot: a day of 25,000 stations. */
const MAX_FINGERPRINTS = 16_000_000;

/** When a message was measured and how we know. */
export interface Stamp {
  /** Epoch ms. */
  measuredAt: number;
  /** True when the time is the device's own word. */
  isClaimed: boolean;
  /** Absent for messages with a time of their own. */
  fingerprint?: Fingerprint;
}

interface DeviceRhythm {
  lastAt: number;
  /** Gap between its messages (or cycles), ms; undefined before the second. */
  cadenceMs?: number;
  cycle?: { startedAt: number; measuredAt: number; parts: Set<string> };
}

/**
 * Gives each message its time, and tells a repeat of the same unstamped bytes from a new reading. What it remembers is
 * restored from the store at start, so that a redelivery after a restart is still one reading.
 */
export class Stamper {
  readonly #index = new FingerprintIndex({ spanMs: UNIQUE_BYTES_MS, maxEntries: MAX_FINGERPRINTS });
  readonly #lastStampByStation = new Map<string, number>();
  readonly #rhythmByDevice = new Map<string, DeviceRhythm>();
  /** What an earlier run stored tells of stations, not of devices, ms. */
  readonly #restoredCadenceByStation = new Map<string, number>();
  readonly #slot: number | undefined;

  /** `slot`: which node of several this is, see `slotOf`; undefined for the only one. */
  constructor(slot?: number) {
    this.#slot = slot;
  }

  /** Sizes for the metrics. */
  stats(): { fingerprints: number; forgottenEarly: number } {
    return { fingerprints: this.#index.size, forgottenEarly: this.#index.forgottenEarly };
  }

  /** The message's stamp; `duplicate` when the same bytes were taken before; a rejection when its own time is no good. */
  stamp(arrival: Arrival, message: DeviceMessage, stationId: string): Stamp | 'duplicate' | Rejection {
    const isBridgedPart = arrival.isStampedByBridge && message.part !== undefined;
    if (message.claimedAt !== undefined && !isBridgedPart) return stampClaimed(message.claimedAt, arrival);
    const print = fingerprint(arrival.payload, saltOf(arrival));
    const key = keyOf(stationId, print);
    const seenAt = this.#index.timeOf(key.hi, key.lo);
    // Either way round: after a step of our clock the earlier one may lie ahead.
    if (
      seenAt !== undefined &&
      Math.abs(arrival.receivedAt - seenAt) <= this.#repeatWindowMs(arrival, message, stationId)
    ) {
      return 'duplicate';
    }
    const measuredAt = this.#arrivalTime(arrival, message, stationId);
    this.#index.add(key, measuredAt, arrival.receivedAt);
    return { measuredAt, isClaimed: false, fingerprint: print };
  }

  /** Takes a stamp back whose message was not stored: the same bytes count as new again. */
  release({ stationId, fingerprint }: Pick<AcceptedMessage, 'stationId' | 'fingerprint'>): void {
    if (fingerprint === undefined) return;
    const key = keyOf(stationId, fingerprint);
    this.#index.remove(key.hi, key.lo);
  }

  /** Learns what an earlier run stored. */
  restore(page: readonly { stationId: string; measuredAt: number; hi: number; lo: number }[], now: number): void {
    for (const { stationId, measuredAt, hi, lo } of page) {
      const key = keyOf(stationId, { hi, lo });
      const known = this.#index.timeOf(key.hi, key.lo);
      // The rest of the day comes while messages come too: what was taken since is the newest.
      if (known === undefined || known < measuredAt) this.#index.add(key, measuredAt, now);
      const last = this.#lastStampByStation.get(stationId);
      if (last !== undefined && measuredAt <= last) continue;
      this.#lastStampByStation.set(stationId, measuredAt);
      if (last !== undefined) this.#noteRestoredGap(stationId, measuredAt - last);
    }
  }

  /** Another node stored a message of the device: its cadence is that of all its messages, wherever they come in. */
  noteElsewhere(deviceId: string, measuredAt: number): void {
    const rhythm = this.#rhythmByDevice.get(deviceId) ?? this.#addRhythm(deviceId, measuredAt);
    // Told later than a newer one of our own came: the gap is known by its other end.
    if (measuredAt > rhythm.lastAt) noteGap(rhythm, measuredAt);
  }

  #noteRestoredGap(stationId: string, gapMs: number): void {
    if (gapMs > LONGEST_RESTORED_GAP_MS) return;
    this.#restoredCadenceByStation.set(stationId, cadenceWith(gapMs, this.#restoredCadenceByStation.get(stationId)));
  }

  #arrivalTime(arrival: Arrival, message: DeviceMessage, stationId: string): number {
    // Parts our bridge kept carry its time; a cycle is told by when it was measured, not by when the spool was emptied.
    const at = message.claimedAt ?? arrival.receivedAt;
    const rhythm = this.#rhythmByDevice.get(arrival.deviceId) ?? this.#addRhythm(arrival.deviceId, at);
    const part = message.part;
    if (part !== undefined && rhythm.cycle !== undefined && belongsTo(rhythm.cycle, part, at)) {
      rhythm.cycle.parts.add(part);
      return rhythm.cycle.measuredAt;
    }
    noteGap(rhythm, at);
    const measuredAt = this.#nextStamp(stationId, at, arrival);
    if (part !== undefined) rhythm.cycle = { startedAt: at, measuredAt, parts: new Set([part]) };
    return measuredAt;
  }

  #addRhythm(deviceId: string, at: number): DeviceRhythm {
    const rhythm = { lastAt: at };
    this.#rhythmByDevice.set(deviceId, rhythm);
    return rhythm;
  }

  /** Arrival time, 1 ms after the station's last one where the clock stands still or was set back a little. */
  #nextStamp(stationId: string, at: number, { isStampedByBridge, isSpooled = false }: Arrival): number {
    const last = this.#lastStampByStation.get(stationId) ?? 0;
    // What our bridge spooled is late by right: only an equal moment is moved, and that of a push only if its key is
    // really taken, because it may have been here before.
    if ((isStampedByBridge && at < last) || (isSpooled && at <= last)) return at;
    const earliest = at <= last && last - at <= MAX_CLOCK_CORRECTION_MS ? last + 1 : at;
    // What a bridge of ours stamped has its time wherever it comes, again too.
    const stamp = isStampedByBridge || isSpooled ? earliest : this.#inSlot(earliest);
    this.#lastStampByStation.set(stationId, stamp);
    return stamp;
  }

  /** The first time from `earliest` on that this node may give. */
  #inSlot(earliest: number): number {
    if (this.#slot === undefined) return earliest;
    const rest = (this.#slot - (earliest % SLOTS) + SLOTS) % SLOTS;
    return earliest + rest;
  }

  /** A time or a whole airRohr body's counters make bytes unique; anything else may honestly repeat after a cadence. */
  #repeatWindowMs(arrival: Arrival, message: DeviceMessage, stationId: string): number {
    const { samples, minMicro, maxMicro } = message.health;
    if (message.claimedAt !== undefined) return UNIQUE_BYTES_MS;
    if (samples !== undefined || minMicro !== undefined || maxMicro !== undefined) return UNIQUE_BYTES_MS;
    const isAirrohr = message.format === 'airrohr';
    const assumed = isAirrohr ? DEFAULT_CADENCE_MS : QUICK_CADENCE_MS;
    const heard = this.#rhythmByDevice.get(arrival.deviceId)?.cadenceMs;
    // Several devices of one station come closer together than each of them does: never less than is assumed anyway.
    const cadence = heard ?? Math.max(assumed, this.#restoredCadenceByStation.get(stationId) ?? 0);
    return Math.max(cadence, isAirrohr ? SHORTEST_AIRROHR_CADENCE_MS : 0) / 2;
  }
}

/**
 * The slot of a node among several: by the number its NODE_ID ends with (`ingest-1`, `ingest-2`, ...), which therefore
 * should differ; by its letters where it has none. 0 is the aggregator's.
 */
export function slotOf(nodeId: string): number {
  const digits = /\d{1,9}$/.exec(nodeId)?.[0];
  let number = digits === undefined ? 0 : Number(digits) - 1;
  if (digits === undefined) for (const letter of nodeId) number = (number * 31 + letter.codePointAt(0)!) % 0xffffff;
  return 1 + ((number + SLOTS - 1) % (SLOTS - 1));
}

function stampClaimed(claimedAt: number, arrival: Arrival): Stamp | Rejection {
  const aheadMs = claimedAt - arrival.receivedAt;
  if (aheadMs > MAX_CLAIMED_AHEAD_MS) return reject('time-in-future', 'The timestamp is more than 2 minutes ahead.');
  // The bridge may have waited longer than that for us; its time is our own.
  if (aheadMs < -MAX_CLAIMED_AGE_MS && !arrival.isStampedByBridge) {
    return reject('time-too-old', 'The timestamp is more than 7 days back.');
  }
  return { measuredAt: claimedAt, isClaimed: !arrival.isStampedByBridge };
}

function belongsTo(cycle: NonNullable<DeviceRhythm['cycle']>, part: string, at: number): boolean {
  const ageMs = at - cycle.startedAt;
  return ageMs >= -OUT_OF_ORDER_MS && ageMs <= CYCLE_MS && !cycle.parts.has(part) && cycle.parts.size < MAX_PARTS;
}

/** The shortest recent gap: quick to believe a shorter one, slow to believe a longer one (a device may just be away). */
function noteGap(rhythm: DeviceRhythm, at: number): void {
  const gapMs = at - rhythm.lastAt;
  rhythm.lastAt = at;
  if (gapMs > 0) rhythm.cadenceMs = cadenceWith(gapMs, rhythm.cadenceMs);
}

function cadenceWith(gapMs: number, cadenceMs = gapMs): number {
  return Math.min(gapMs, cadenceMs * 1.25);
}

/** Equal bytes on two topics of a device are two readings. */
function saltOf({ deviceId, topic }: Arrival): string {
  return topic.object === undefined ? deviceId : `${deviceId}/${topic.object}`;
}

/** Equal bytes of two stations are two readings; the station is kept beside the fingerprint, not in it. */
function keyOf(stationId: string, { hi, lo }: Fingerprint): Fingerprint {
  let hash = 0;
  for (let i = 0; i < stationId.length; i++) hash = Math.imul(hash ^ stationId.charCodeAt(i), 0x01000193);
  return { hi: (hi ^ hash) >>> 0, lo: (lo ^ Math.imul(hash, 0x9e3779b1)) >>> 0 };
}
