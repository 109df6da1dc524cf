import type { OnboardingStep } from '../domain/contract.ts';
import { HOUR_MS } from '../domain/durations.ts';

/** Steps kept per station: a page loaded again shows what happened before. */
const KEPT_STEPS = 20;
const KEPT_MS = HOUR_MS;
/** Stations watched at once; the one watched longest ago makes room. */
const MAX_STATIONS = 1_000;

/** What happened to devices whose hosts are watching. Stations nobody watches cost one look into a map. */
export class OnboardingSteps {
  readonly #watchedById = new Map<string, { usedAt: number; steps: OnboardingStep[] }>();

  /** Begins to keep the station's steps; answers with those already kept. */
  watch(stationId: string, now: number): OnboardingStep[] {
    const watched = this.#watchedById.get(stationId) ?? { usedAt: now, steps: [] };
    watched.usedAt = now;
    this.#watchedById.delete(stationId);
    this.#watchedById.set(stationId, watched);
    if (this.#watchedById.size > MAX_STATIONS) this.#watchedById.delete(this.#watchedById.keys().next().value!);
    return watched.steps;
  }

  /** True when somebody watches the station. */
  isWatched(stationId: string): boolean {
    return this.#watchedById.has(stationId);
  }

  /** Stations somebody watches, or watched within the last hour. */
  get watched(): string[] {
    return [...this.#watchedById.keys()];
  }

  /** Keeps a step; false when nobody watches the station. */
  add(stationId: string, step: OnboardingStep): boolean {
    const watched = this.#watchedById.get(stationId);
    if (watched === undefined) return false;
    watched.steps.push(step);
    if (watched.steps.length > KEPT_STEPS) watched.steps.shift();
    return true;
  }

  /** Lets go of stations nobody began to watch within the last hour. */
  prune(now: number): void {
    for (const [stationId, { usedAt }] of this.#watchedById) {
      if (now - usedAt > KEPT_MS) this.#watchedById.delete(stationId);
    }
  }
}
