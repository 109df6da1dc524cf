import type { Metrics } from '../server/metrics.ts';

/** Answers to devices by door and status, shown at `/metrics`. Bounded: there are four doors, what is none of them, and ten statuses. */
export class AnswerCounts {
  readonly #counts = new Map<string, number>();

  constructor(metrics: Pick<Metrics, 'totals'>) {
    metrics.totals('http_pushes_total', 'Answers to devices by door and status', 'answer', () => this.#counts);
  }

  /** Counts one; `door` is `none` for what never became a request. */
  add(door: string, status: number | 'gone'): void {
    const answer = `${door} ${status}`;
    this.#counts.set(answer, (this.#counts.get(answer) ?? 0) + 1);
  }
}
