import { MINUTE_MS } from '../domain/durations.ts';

/** Length of a cell of the course, ms, and how many are kept: 24 hours. */
export const CELL_MS = 5 * MINUTE_MS;
const MAX_CELLS = 288;
/** How far back "now" reaches, ms. */
const NOW_MS = MINUTE_MS;

/** What is counted, as totals since the start of the process. */
export interface Totals {
  messages: number;
  readings: number;
  rejections: number;
}

/** What came in within five minutes. */
export interface RateCell extends Totals {
  /** Epoch ms, a multiple of five minutes. */
  start: number;
}

interface Sample extends Totals {
  at: number;
}

/** Turns totals that only grow into rates: over the last minute, and five minutes by five minutes over a day. Bounded. */
export class RateMeter {
  #cells: RateCell[] = [];
  #samples: Sample[] = [];

  /** Takes back what an earlier process counted, oldest first. */
  restore(cells: readonly RateCell[]): void {
    this.#cells = [...cells, ...this.#cells].slice(-MAX_CELLS);
  }

  /** Notes the totals as of `at`, epoch ms. Call several times a minute. */
  sample(at: number, totals: Totals): void {
    const last = this.#samples.at(-1);
    this.#samples = [...this.#samples.filter((sample) => sample.at >= at - NOW_MS), { at, ...totals }];
    if (last !== undefined) this.#add(at, differenceOf(totals, last));
  }

  /** A second, over the last minute; zeros before there are two samples. */
  perSecond(): Totals {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at) return NOTHING;
    const seconds = (last.at - first.at) / 1000;
    const { messages, readings, rejections } = differenceOf(last, first);
    return { messages: messages / seconds, readings: readings / seconds, rejections: rejections / seconds };
  }

  /** The cells of the last day, oldest first; none for times nobody counted. The last one is still filling. */
  cells(now: number): readonly RateCell[] {
    return this.#cells.filter(({ start }) => start > now - MAX_CELLS * CELL_MS);
  }

  #add(at: number, more: Totals): void {
    const start = Math.floor(at / CELL_MS) * CELL_MS;
    const last = this.#cells.at(-1);
    if (last?.start !== start) {
      this.#cells = [...this.#cells, { start, ...more }].slice(-MAX_CELLS);
      return;
    }
    last.messages += more.messages;
    last.readings += more.readings;
    last.rejections += more.rejections;
  }
}

const NOTHING: Totals = Object.freeze({ messages: 0, readings: 0, rejections: 0 });

function differenceOf(later: Totals, earlier: Totals): Totals {
  return {
    messages: later.messages - earlier.messages,
    readings: later.readings - earlier.readings,
    rejections: later.rejections - earlier.rejections,
  };
}
