import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { AnsweredUntil, type AnsweredUntilParts, readBackFrom } from '../../server/nodes/answeredUntil.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const NOW = Date.UTC(2026, 10, 26, 12);

function open(parts: Partial<AnsweredUntilParts> = {}) {
  const path = parts.path ?? join(temporaryFolder(), 'answered-until');
  const errors: unknown[] = [];
  const answered = new AnsweredUntil({
    ...{ path, clock: () => NOW, settled: async () => undefined, isOpen: () => true },
    onError: (error) => errors.push(error),
    ...parts,
  });
  return { path, errors, answered };
}

describe('until when a node had answered everything', () => {
  it('is known to its next run', async () => {
    const { answered, path, errors } = open();
    expect(await answered.read()).toBeUndefined();
    await answered.note();
    await answered.close();
    expect(await open({ path, clock: Date.now }).answered.read()).toBe(NOW);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(errors).toEqual([]);
  });

  it('is the moment before what it waits for was stored', async () => {
    let now = NOW;
    let store = () => undefined as unknown;
    const stored = new Promise<void>((resolve) => {
      store = () => resolve();
    });
    const { answered, path } = open({ clock: () => now, settled: () => stored });
    const noted = answered.note();
    now += 5_000;
    store();
    await noted;
    expect(Number(readFileSync(path, 'utf8'))).toBe(NOW);
  });

  it('stands still while messages are held back', async () => {
    let isOpen = true;
    let now = NOW;
    const { answered } = open({ clock: () => now, isOpen: () => isOpen });
    await answered.note();
    isOpen = false;
    now += 3 * HOUR_MS;
    await answered.note();
    expect(await answered.read()).toBe(NOW);
  });

  it('is unknown when the note cannot be read, which means that all is read back', async () => {
    const { answered, path } = open();
    for (const text of ['', 'x', '-5']) {
      writeFileSync(path, text);
      expect(await answered.read()).toBeUndefined();
    }
  });
});

describe('what a restarted node reads back before it takes messages', () => {
  it.each([
    ['nothing is noted', undefined, 24],
    ['it was away for a minute', NOW - 60_000, 1 + 1 / 60],
    ['it was away for five hours', NOW - 5 * HOUR_MS, 6],
    ['it was away for days', NOW - 90 * HOUR_MS, 24],
    ['the clock was set back', NOW + 5 * HOUR_MS, 1],
  ])('if %s', (_case, noted, hours) => {
    expect(NOW - readBackFrom(noted, NOW)).toBe(Math.round(hours * HOUR_MS));
  });
});
