import { describe, expect, it } from '@jest/globals';
import { MapStream } from '../../web/map/mapStream.ts';
import { change, layerState } from './mapLayerState.ts';

const seqs = (step: ReturnType<MapStream['changed']>) =>
  step.kind === 'apply' ? step.changes.map(({ seq }) => seq) : step.kind;

describe('a map stream', () => {
  it('asks for a snapshot before it applies anything', () => {
    expect(new MapStream().changed(change(1, 'a', 5))).toEqual({ kind: 'fetch' });
  });

  it('applies changes above the snapshot, once each', () => {
    const stream = new MapStream();
    stream.fetching();
    stream.fetched(layerState([{ id: 'a' }], { seq: 7 }));
    expect(seqs(stream.changed(change(7, 'a', 5)))).toBe('nothing');
    expect(seqs(stream.changed(change(8, 'a', 5)))).toEqual([8]);
    expect(seqs(stream.changed(change(8, 'a', 5)))).toBe('nothing');
    expect(stream.cursor).toEqual({ epoch: 'e', seq: 8 });
  });

  it('holds what comes while the snapshot is on its way and applies only the newer part', () => {
    const stream = new MapStream();
    stream.fetching();
    for (const seq of [5, 6, 7, 8]) expect(seqs(stream.changed(change(seq, 'a', seq)))).toBe('nothing');
    expect(seqs(stream.fetched(layerState([{ id: 'a' }], { seq: 6 })))).toEqual([7, 8]);
    expect(stream.cursor).toEqual({ epoch: 'e', seq: 8 });
  });

  it('fetches anew when another epoch begins', () => {
    const stream = new MapStream();
    stream.fetching();
    stream.fetched(layerState([{ id: 'a' }], { seq: 6 }));
    expect(seqs(stream.changed(change(1, 'a', 5, { epoch: 'later' })))).toBe('fetch');
  });

  it('fetches anew when the epoch changed during the fetch', () => {
    const stream = new MapStream();
    stream.fetching();
    stream.changed(change(1, 'a', 5, { epoch: 'later' }));
    expect(seqs(stream.fetched(layerState([{ id: 'a' }], { seq: 6 })))).toBe('fetch');
  });

  it('does not settle for a cached snapshot older than the one announced, and keeps what it held', () => {
    const stream = new MapStream();
    stream.fetching();
    stream.announced({ epoch: 'e', seq: 9 });
    stream.changed(change(10, 'a', 5));
    expect(seqs(stream.fetched(layerState([{ id: 'a' }], { seq: 6 })))).toBe('fetch');
    stream.fetching();
    expect(seqs(stream.fetched(layerState([{ id: 'a' }], { seq: 9 })))).toEqual([10]);
  });

  it('ignores an announcement of what it has', () => {
    const stream = new MapStream();
    stream.fetching();
    stream.fetched(layerState([{ id: 'a' }], { seq: 9 }));
    expect(seqs(stream.announced({ epoch: 'e', seq: 9 }))).toBe('nothing');
    expect(seqs(stream.announced({ epoch: 'e', seq: 12 }))).toBe('fetch');
    expect(seqs(stream.announced({ epoch: 'other', seq: 1 }))).toBe('fetch');
  });

  it('starts over rather than hold changes without end', () => {
    const stream = new MapStream();
    stream.fetching();
    const steps = Array.from({ length: 601 }, (_, i) => seqs(stream.changed(change(i + 1, 'a', 5))));
    expect(steps.filter((step) => step === 'fetch')).toHaveLength(1);
    expect(steps[600]).toBe('fetch');
  });
});
