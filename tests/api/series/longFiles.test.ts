import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import type { ReadingStore } from '../../../server/store/readingStore.ts';
import { NOON, regular, serverWith } from './seriesHouse.ts';

describe('long files of one address', () => {
  it('are made two at a time, ten wait, the next is told to come later; short ones and others go on', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // A store that takes its time over long stretches.
    const wrapStore = (store: ReadingStore): ReadingStore =>
      new Proxy(store, {
        get: (target, name) => {
          if (name !== 'raw') return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
          return async (query: Parameters<ReadingStore['raw']>[0]) => {
            if (query.to - query.from > DAY_MS) await held;
            return target.raw(query);
          };
        },
      });
    const { append, url, id } = await serverWith({ wrapStore });
    await append(regular(NOON - HOUR_MS, NOON, () => 10));
    const file = (days: number, address: string) => {
      const from = new Date(NOON - days * DAY_MS).toISOString();
      const path = `/api/v1/stations/${id}/series?quantity=pm25&window=raw&format=csv&from=${from}`;
      return fetch(url + path, { headers: { 'X-Forwarded-For': address } });
    };
    const asked = Array.from({ length: 13 }, () => file(60, '203.0.113.7'));
    const refused = await Promise.race(
      asked.map(async (answer) => ((await answer).status === 429 ? await answer : new Promise<never>(() => {}))),
    );
    expect(refused.headers.get('retry-after')).toBe('30');
    expect(refused.headers.get('content-disposition')).toBeNull();
    expect(await refused.json()).toMatchObject({ code: 'too-many-downloads', status: 429 });
    expect((await file(1, '203.0.113.7')).status).toBe(200);
    expect((await file(60, '203.0.113.8')).status).toBe(200);
    letGo();
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12);
    for (const answer of answers)
      if (answer.ok) expect((await answer.text()).trim().split('\n').length).toBeGreaterThan(20);
  });
});
