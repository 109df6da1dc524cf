import type { DirtyMark } from '../store/rollupStore.ts';

/** Stretches kept per station; beyond them the two nearest become one, which makes more anew than needed. */
const MAX_STRETCHES = 16;

/** A stretch of time, epoch ms, half-open. */
export interface Stretch {
  from: number;
  to: number;
}

/** Which stations come next. */
export interface NextChoice {
  first: ReadonlySet<string>;
  isInWork: (stationId: string) => boolean;
}

interface Entry {
  stretches: Stretch[];
  /** The same as text, to find stations with the same. */
  text: string;
  lastMark: number;
}

/** Stations with rows to be made anew. Bounded: `MAX_STRETCHES` a station. */
export class DirtyStations {
  readonly #entryByStation = new Map<string, Entry>();

  /** Notes marks. */
  add(marks: readonly DirtyMark[]): void {
    for (const { stationId, from, to, mark } of marks) {
      const known = this.#entryByStation.get(stationId);
      const stretches = joined([...(known?.stretches ?? []), { from, to }]);
      const lastMark = Math.max(known?.lastMark ?? 0, mark);
      this.#entryByStation.set(stationId, { stretches, text: JSON.stringify(stretches), lastMark });
    }
  }

  get size(): number {
    return this.#entryByStation.size;
  }

  has(stationId: string): boolean {
    return this.#entryByStation.has(stationId);
  }

  /**
   * Up to `limit` stations with the same stretches, to be worked on together; those of `first` before any others, and
   * none that is being worked on already.
   */
  next(limit: number, { first, isInWork }: NextChoice): string[] {
    const free = [...this.#entryByStation.keys()].filter((stationId) => !isInWork(stationId));
    const preferred = free.filter((stationId) => first.has(stationId));
    const pool = preferred.length > 0 ? preferred : free;
    const found: string[] = [];
    let text: string | undefined;
    for (const stationId of pool) {
      const entry = this.#entryByStation.get(stationId)!;
      text ??= entry.text;
      if (entry.text === text) found.push(stationId);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Takes a station out, to be worked on: its stretches, and the last mark they cover. */
  take(stationId: string): { stretches: readonly Stretch[]; lastMark: number } {
    const entry = this.#entryByStation.get(stationId);
    this.#entryByStation.delete(stationId);
    return entry ?? { stretches: [], lastMark: 0 };
  }
}

/** Stretches in order, those that touch as one. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last !== undefined && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to);
    else found.push({ ...stretch });
  }
  while (found.length > MAX_STRETCHES) joinNearest(found);
  return found;
}

function joinNearest(stretches: Stretch[]): void {
  let nearest = 1;
  for (let at = 2; at < stretches.length; at++) {
    if (distance(stretches, at) < distance(stretches, nearest)) nearest = at;
  }
  const [joinedOne] = stretches.splice(nearest, 1);
  stretches[nearest - 1]!.to = joinedOne!.to;
}

function distance(stretches: readonly Stretch[], at: number): number {
  return stretches[at]!.from - stretches[at - 1]!.to;
}
