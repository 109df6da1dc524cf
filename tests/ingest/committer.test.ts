import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { Committer, MAX_KEY_MOVES } from '../../server/ingest/committer.ts';
import { type AppendOutcome, StoreUnavailableError } from '../../server/store/readingStore.ts';
import { until } from '../support/until.ts';

/** A store whose appends end when the test says so. */
class GatedStore {
  readonly batches: number[][] = [];
  /** Of the message with this time; stored when there is none. */
  readonly results = new Map<number, AppendOutcome['result']>();
  #gates: { open: () => void; break: (error: Error) => void }[] = [];

  append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    this.batches.push(messages.map(({ measuredAt }) => measuredAt));
    return new Promise((resolve, reject) => {
      const outcomes = messages.map(
        ({ measuredAt, readings }): AppendOutcome => ({
          ...{ result: this.results.get(measuredAt) ?? 'stored', conflicts: [], stored: readings },
        }),
      );
      this.#gates.push({ open: () => resolve(outcomes), break: reject });
    });
  }

  async finish(error?: Error): Promise<void> {
    await turn();
    const gate = this.#gates.shift();
    if (error === undefined) gate?.open();
    else gate?.break(error);
    await turn();
  }
}

/** Time passes only when the test says so: a busy machine would make pauses of its own. */
function stopClock(): void {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] });
}

afterEach(() => void jest.useRealTimers());

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function message(measuredAt: number): AcceptedMessage {
  const reading = { stationId: 'aaaaaaaaaa', sensor: 'sds011', measuredAt, values: { pm25: 7 }, flags: 0 };
  return { stationId: 'aaaaaaaaaa', measuredAt, receivedAt: measuredAt, health: {}, readings: [reading] };
}

function setUp(limits: { fullBatch?: number; maxBatch?: number; maxWaiting?: number; paceMs?: number } = {}) {
  const store = new GatedStore();
  const events: string[] = [];
  const committer = new Committer({
    store,
    onStored: (messages) => events.push(`passed on ${messages.map(({ measuredAt }) => measuredAt)}`),
    onFailure: (stage, error) => events.push(`${stage} failed: ${error.message}`),
    paceMs: 0,
    ...limits,
  });
  const commit = (at: number) =>
    committer.commit({
      message: message(at),
      committed: (error) => events.push(error ? `${at} not stored` : `${at} stored`),
    });
  return { store, committer, events, commit };
}

describe('committer', () => {
  it('stores what comes in one turn together, and what comes during a commit as the next batch', async () => {
    const { store, commit } = setUp();
    commit(1);
    commit(2);
    await turn();
    commit(3);
    commit(4);
    await store.finish();
    await store.finish();
    expect(store.batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('tells senders after the commit and before anything that needs history', async () => {
    const { store, events, commit } = setUp();
    commit(1);
    await turn();
    expect(events).toEqual([]);
    await store.finish();
    expect(events).toEqual(['1 stored', 'passed on 1']);
  });

  it('tells each sender what became of its own message, and passes on what became of all', async () => {
    const store = new GatedStore();
    store.results.set(2, 'duplicate').set(4, 'duplicate');
    const told: string[] = [];
    const committer = new Committer({
      store,
      onStored: (messages, outcomes) =>
        told.push(messages.map(({ measuredAt }, at) => `${measuredAt} ${outcomes[at]?.result}`).join(', ')),
      onFailure: () => undefined,
    });
    for (const at of [1, 2, 3, 4]) {
      committer.commit({ message: message(at), committed: (_, outcome) => told.push(`${at} ${outcome?.result}`) });
      committer.afterPending(() => undefined);
    }
    await store.finish();
    const each = ['1 stored', '2 duplicate', '3 stored', '4 duplicate'];
    expect(told).toStrictEqual([...each, each.join(', ')]);
    expect(committer.counts).toStrictEqual({ batches: 1, messages: 4, failedBatches: 0, refusedFull: 0 });
  });

  it('believes no store that answers for fewer messages than it was given', async () => {
    const events: string[] = [];
    const committer = new Committer({
      store: {
        append: async (messages) => messages.slice(1).map(() => ({ result: 'stored', conflicts: [], stored: [] })),
      },
      onStored: () => events.push('passed on'),
      onFailure: (stage) => events.push(`${stage} failed`),
    });
    for (const at of [1, 2]) {
      committer.commit({ message: message(at), committed: (error) => events.push(error ? 'not stored' : 'stored') });
    }
    await committer.drain();
    expect(events).toStrictEqual(['append failed', 'not stored', 'not stored']);
    expect(committer.counts).toMatchObject({ batches: 0, messages: 0, failedBatches: 1 });
  });

  it('fails a whole batch with its append and goes on with the next', async () => {
    const { store, events, commit } = setUp();
    commit(1);
    await turn();
    commit(2);
    await store.finish(new StoreUnavailableError('disk full'));
    await store.finish();
    expect(events).toEqual(['append failed: disk full', '1 not stored', '2 stored', 'passed on 2']);
  });

  it('cuts batches at their limit', async () => {
    const { store, commit } = setUp({ maxBatch: 2 });
    for (const at of [1, 2, 3]) commit(at);
    await store.finish();
    await store.finish();
    expect(store.batches).toEqual([[1, 2], [3]]);
  });

  it('refuses what exceeds the queue, and counts it', async () => {
    const { store, committer, events, commit } = setUp({ maxWaiting: 2 });
    for (const at of [1, 2, 3]) commit(at);
    expect(events).toEqual(['3 not stored']);
    expect(committer.counts.refusedFull).toBe(1);
    await store.finish();
    expect(events).toEqual(['3 not stored', '1 stored', '2 stored', 'passed on 1,2']);
  });

  it('lets nobody who waits believe that what exceeded the queue is stored', async () => {
    const { store, committer, events, commit } = setUp({ maxWaiting: 2 });
    commit(1);
    committer.afterPending((error) => events.push(error ? 'repeat not acknowledged' : 'repeat acknowledged'));
    commit(2);
    await store.finish();
    expect(events).toEqual(['2 not stored', '1 stored', 'repeat not acknowledged', 'passed on 1']);
  });

  it('lets a repeat wait for its first copy, and fail with it', async () => {
    const { store, committer, events, commit } = setUp();
    committer.afterPending(() => events.push('nothing pending'));
    commit(1);
    await turn();
    committer.afterPending((error) => events.push(error ? 'repeat not acknowledged' : 'repeat acknowledged'));
    await store.finish(new StoreUnavailableError('away'));
    commit(2);
    await turn();
    committer.afterPending((error) => events.push(error ? 'second not acknowledged' : 'second acknowledged'));
    await store.finish();
    expect(events).toEqual([
      'nothing pending',
      'append failed: away',
      '1 not stored',
      'repeat not acknowledged',
      '2 stored',
      'passed on 2',
      'second acknowledged',
    ]);
  });

  it('lets a repeat wait on for a first copy that had to move to another time', async () => {
    const { committer, store } = setUp();
    const events: string[] = [];
    const moving = {
      message: message(1),
      committed: () => {
        events.push(`taken ${moving.message.measuredAt}`);
        if (moving.message.measuredAt > 1) return;
        moving.message = message(2);
        committer.commit(moving);
      },
    };
    committer.commit(moving);
    committer.afterPending((error) => events.push(error ? 'failed' : 'repeat'));
    await store.finish();
    expect(events).toEqual(['taken 1']);
    await until('the moved copy is on its way', () => store.batches.length === 2);
    await store.finish();
    expect(events).toEqual(['taken 1', 'taken 2', 'repeat']);
  });

  it('lets a repeat wait no longer than its first copy may move, however many others do', async () => {
    const { committer, store } = setUp();
    const done: string[] = [];
    /** One that moves for ever, as long as there are such. */
    const move = (at: number) =>
      committer.commit({ message: message(at), committed: () => void (at < 100 && move(at + 1)) });
    move(1);
    committer.afterPending((error) => done.push(error ? 'failed' : 'repeat'));
    let appends = 0;
    for (; done.length === 0 && appends < 50; appends++) await store.finish();
    expect(done).toStrictEqual(['repeat']);
    // With the first append, and put off five times.
    expect(store.batches[0]).toStrictEqual([1]);
    expect(appends).toBe(MAX_KEY_MOVES + 1);
  });

  it('keeps what is stored when passing it on fails', async () => {
    const failures: string[] = [];
    const store = new GatedStore();
    const committer = new Committer({
      store,
      onStored: () => {
        throw new Error('fold broke');
      },
      onFailure: (stage, error) => failures.push(`${stage}: ${error.message}`),
    });
    const settled: (Error | undefined)[] = [];
    committer.commit({ message: message(1), committed: (error) => settled.push(error) });
    await store.finish();
    expect(settled).toEqual([undefined]);
    expect(failures).toEqual(['pass-on: fold broke']);
  });

  it('stores a lone message at once, and the next ones together once no more come', async () => {
    stopClock();
    const { store, commit } = setUp({ paceMs: 60_000 });
    commit(1);
    await store.finish();
    for (const at of [2, 3]) commit(at);
    await turn();
    await jest.advanceTimersByTimeAsync(9);
    commit(4);
    await jest.advanceTimersByTimeAsync(9);
    expect(store.batches).toEqual([[1]]);
    // Ten milliseconds in which nothing came.
    await jest.advanceTimersByTimeAsync(2);
    expect(store.batches).toEqual([[1], [2, 3, 4]]);
    await store.finish();
  });

  it('pauses no longer once the flow of many ebbs', async () => {
    stopClock();
    const { store, commit } = setUp({ paceMs: 60_000 });
    commit(1);
    await store.finish();
    commit(2);
    await turn();
    for (let at = 3; at <= 201; at++) commit(at);
    await turn();
    expect(store.batches.map((batch) => batch.length)).toEqual([1]);
    await jest.advanceTimersByTimeAsync(5);
    expect(store.batches.map((batch) => batch.length)).toEqual([1, 200]);
    await store.finish();
  });

  it('begins as soon as there is enough for an append, and takes along what else came by then', async () => {
    const { store, commit } = setUp({ fullBatch: 2, maxBatch: 4, paceMs: 60_000 });
    commit(1);
    await turn();
    for (const at of [2, 3, 4, 5, 6]) commit(at);
    await store.finish();
    await turn();
    expect(store.batches).toEqual([[1], [2, 3, 4, 5]]);
    await store.finish();
  });

  it('in a flood hands on what one append brought while the next is being written', async () => {
    const { store, committer, events, commit } = setUp({ fullBatch: 2, maxBatch: 2, paceMs: 60_000 });
    for (const at of [1, 2, 3, 4, 5]) commit(at);
    const drained = committer.drain();
    await store.finish();
    expect(store.batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(events).toEqual(['1 stored', '2 stored', 'passed on 1,2']);
    await store.finish();
    await store.finish();
    await drained;
    expect(events.slice(3)).toEqual(['3 stored', '4 stored', 'passed on 3,4', '5 stored', 'passed on 5']);
  });

  it('drains: resolves when everything is stored', async () => {
    const { store, committer, events, commit } = setUp();
    commit(1);
    const drained = committer.drain().then(() => events.push('drained'));
    await store.finish();
    await drained;
    expect(events).toEqual(['1 stored', 'passed on 1', 'drained']);
    await committer.drain();
  });
});
