import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { MessageFormat, RejectionReason } from './domain/reading.ts';

/** What the program counts about itself, handed to the parts that count. Prometheus text at `/metrics`. */
export interface Metrics {
  registry: Registry;
  /** Messages that came in, by format. */
  messagesReceived: Totals<MessageFormat>;
  /** Messages refused as a whole, by reason: what came in is stored, a repeat, or among these. */
  messagesRefused: Totals<RejectionReason>;
  readingsStored: Counter;
  /** Messages that were stored already. */
  duplicates: Counter;
  /** Fields that had another value already. */
  conflicts: Counter;
  /** Duration of a commit, s. */
  commitSeconds: Histogram;
  /** Messages in a commit. */
  commitBatchSize: Histogram;
  /** A gauge that is read when somebody asks; `name` without the prefix. */
  gauge(name: string, help: string, read: () => number): void;
  /** A counter kept elsewhere, read when somebody asks; it only grows. */
  total(name: string, help: string, read: () => number): void;
  /** A counter kept elsewhere as totals by label (rejections by reason), read when somebody asks; totals only grow. */
  totals(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void;
}

/** Totals by one label, for what happens too often for prom-client, which makes and hashes an object a count. */
export class Totals<Label extends string> {
  readonly #byLabel = new Map<Label, number>();

  /** Counts one more. */
  inc(label: Label): void {
    this.#byLabel.set(label, (this.#byLabel.get(label) ?? 0) + 1);
  }

  /** Label and total of everything counted so far. */
  entries(): Iterable<readonly [Label, number]> {
    return this.#byLabel;
  }
}

const PREFIX = 'buergerluft_';

/** Makes a fresh set of metrics with the process's own (CPU, memory, event loop lag). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges under names that Prometheus keeps for counters; the same numbers are there by kind.
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  const messagesReceived = new Totals<MessageFormat>();
  const messagesRefused = new Totals<RejectionReason>();
  const named = (name: string, help: string) => ({ name: `${PREFIX}${name}`, help, registers: [registry] });
  const received = named('messages_received_total', 'Messages that came in');
  addTotals(received, 'format', () => messagesReceived.entries());
  const refused = named('messages_refused_total', 'Messages refused as a whole');
  addTotals(refused, 'reason', () => messagesRefused.entries());
  return {
    registry,
    messagesReceived,
    messagesRefused,
    readingsStored: new Counter(named('readings_stored_total', 'Readings stored durably')),
    duplicates: new Counter(named('duplicates_total', 'Messages that were stored already')),
    conflicts: new Counter(named('conflicts_total', 'Fields that had another value already')),
    commitSeconds: new Histogram({
      ...named('commit_seconds', 'Duration of a commit'),
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    }),
    commitBatchSize: new Histogram({
      ...named('commit_batch_size', 'Messages in a commit'),
      buckets: [1, 5, 25, 100, 500, 2500, 10_000],
    }),
    gauge: (name, help, read) => addGauge(named(name, help), read),
    total: (name, help, read) => addTotal(named(name, help), read),
    totals: (name, help, label, read) => addTotals(named(name, help), label, read),
  };
}

interface Named {
  name: string;
  help: string;
  registers: Registry[];
}

function addGauge(options: Named, read: () => number): void {
  const gauge: Gauge = new Gauge({ ...options, collect: () => gauge.set(read()) });
}

function addTotal(options: Named, read: () => number): void {
  const counter: Counter = new Counter({
    ...options,
    collect: () => {
      counter.reset();
      counter.inc(read());
    },
  });
}

function addTotals(options: Named, label: string, read: () => Iterable<readonly [string, number]>): void {
  const counter: Counter = new Counter({
    ...options,
    labelNames: [label],
    collect: () => {
      counter.reset();
      for (const [value, total] of read()) counter.inc({ [label]: value }, total);
    },
  });
}
