import { z } from 'zod';
import type { OnboardingStep } from '../domain/contract.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import { STATION_ID } from '../domain/station.ts';
import { STEP_TOPIC, WATCHED_TOPIC } from '../domain/topics.ts';
import type { Onboarding } from '../ingest/ingestObserver.ts';
import type { LiveFeed } from '../live/liveFeed.ts';
import { readJson } from '../process/jsonMessage.ts';
import type { NodeBus } from './nodeBus.ts';

/** How soon the others know that somebody begins to watch, ms. */
const LOOK_MS = 1_000;
/** How often it is told again, and how long it holds without, ms. */
const REPEAT_MS = 20_000;
const HOLD_MS = MINUTE_MS;
/** Stations remembered at once; the one told of longest ago makes room. */
const MAX_STATIONS = 10_000;

const watchedForm = z.array(z.string().regex(STATION_ID));
const stepForm = z.object({ node: z.string(), stationId: z.string().regex(STATION_ID), step: z.looseObject({}) });

/** What the relay needs. */
export interface OnboardingRelayParts {
  bus: NodeBus;
  clock: () => number;
  /** Where this process's browsers are; absent where there are none. */
  feed?: () => Pick<LiveFeed, 'isOnboarding' | 'onboardingStations' | 'onboardingStep'>;
}

/** Brings the first steps of a device from the node that sees them to the one where its host watches. */
export class OnboardingRelay implements Onboarding {
  readonly #parts: OnboardingRelayParts;
  /** When a node last told that somebody there watches the station. */
  readonly #toldAt = new Map<string, number>();
  #lastTold = '';
  #lastToldAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: OnboardingRelayParts) {
    this.#parts = parts;
    parts.bus.follow(WATCHED_TOPIC, (_topic, payload) => this.#noteWatched(payload));
    if (parts.feed !== undefined) parts.bus.follow(STEP_TOPIC, (_topic, payload) => this.#receive(payload));
  }

  /** Begins to tell what is watched here. */
  start(): void {
    if (this.#parts.feed !== undefined) this.#timer = setInterval(() => this.#tellWatched(), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  isOnboarding(stationId: string): boolean {
    return this.#parts.feed?.().isOnboarding(stationId) === true || this.#isWatchedElsewhere(stationId);
  }

  onboardingStep(stationId: string, step: OnboardingStep): void {
    const { bus, feed } = this.#parts;
    feed?.().onboardingStep(stationId, step);
    if (!this.#isWatchedElsewhere(stationId)) return;
    bus.send(STEP_TOPIC, JSON.stringify({ node: bus.nodeId, stationId, step }));
  }

  #isWatchedElsewhere(stationId: string): boolean {
    const toldAt = this.#toldAt.get(stationId);
    return toldAt !== undefined && this.#parts.clock() - toldAt < HOLD_MS;
  }

  #tellWatched(): void {
    const { bus, feed, clock } = this.#parts;
    const watched = JSON.stringify(feed?.().onboardingStations ?? []);
    const now = clock();
    if (watched === '[]' || (watched === this.#lastTold && now - this.#lastToldAt < REPEAT_MS)) return;
    if (!bus.send(WATCHED_TOPIC, watched)) return;
    this.#lastTold = watched;
    this.#lastToldAt = now;
  }

  #noteWatched(payload: Buffer): void {
    for (const stationId of watchedForm.safeParse(readJson(payload)).data ?? []) {
      this.#toldAt.delete(stationId);
      this.#toldAt.set(stationId, this.#parts.clock());
    }
    while (this.#toldAt.size > MAX_STATIONS) this.#toldAt.delete(this.#toldAt.keys().next().value!);
  }

  #receive(payload: Buffer): void {
    const told = stepForm.safeParse(readJson(payload)).data;
    if (told === undefined || told.node === this.#parts.bus.nodeId) return;
    // Made by another process of ours from the same type.
    this.#parts.feed?.().onboardingStep(told.stationId, told.step as unknown as OnboardingStep);
  }
}
