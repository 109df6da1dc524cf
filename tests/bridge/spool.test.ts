import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Push } from '../../firmware-bridge/push.ts';
import { Spool, type SpoolOptions } from '../../firmware-bridge/spool.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const NOW = 1_795_000_000_000;

function folder(): string {
  const dir = temporaryFolder();
  return join(dir, 'spool');
}

function push(n: number, body = `{"n":${n}}`): Push {
  return { deviceId: `esp8266-${100 + (n % 7)}`, receivedAt: NOW + n, body: Buffer.from(body) };
}

async function openSpool(dir: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const errors: unknown[] = [];
  const spool = new Spool({
    dir,
    maxBytes: 10_000_000,
    maxAgeMs: 86_400_000,
    clock: () => NOW,
    onError: (error) => errors.push(error),
    ...options,
  });
  await spool.open();
  closeAfterTest(() => spool.close());
  return spool;
}

async function all(spool: Spool): Promise<Push[]> {
  return (await spool.oldest(1_000_000)).map((entry) => ({ ...entry.push, body: Buffer.from(entry.push.body) }));
}

/** Empties it in order, `batch` at a time. */
async function drain(spool: Spool, batch = 500): Promise<Push[]> {
  const drained: Push[] = [];
  for (;;) {
    const entries = await spool.oldest(batch);
    if (entries.length === 0) return drained;
    for (const entry of entries) {
      drained.push(entry.push);
      spool.release(entry);
    }
  }
}

describe('the spool', () => {
  it('gives back after a restart what nobody let go of, in order, with bytes and times', async () => {
    const dir = folder();
    const first = await openSpool(dir);
    const pushes = [push(1), push(2, ''), push(3, 'ä\0"'), push(4)];
    for (const one of pushes) await first.append(one);
    await first.close();
    expect(await all(await openSpool(dir))).toEqual(pushes);
  });

  it('keeps the order over many files and forgets each file when it is empty', async () => {
    const dir = folder();
    const spool = await openSpool(dir, { segmentBytes: 1_000 });
    for (let n = 0; n < 200; n++) await spool.append(push(n));
    expect(readdirSync(dir).length).toBeGreaterThan(5);
    expect((await drain(spool, 7)).map(({ receivedAt }) => receivedAt - NOW)).toEqual([...Array(200).keys()]);
    expect(readdirSync(dir)).toEqual([]);
    expect([spool.isEmpty, spool.bytes]).toEqual([true, 0]);
    expect(spool.counts).toMatchObject({ spooled: 200, released: 200 });
  });

  it('goes on behind what earlier runs left, file after file', async () => {
    const dir = folder();
    const pushes = Array.from({ length: 60 }, (_, n) => push(n));
    for (const run of [0, 20, 40]) {
      const spool = await openSpool(dir, { segmentBytes: 200 });
      for (const one of pushes.slice(run, run + 20)) expect(await spool.append(one)).toMatchObject({ push: one });
      await spool.close();
    }
    const spool = await openSpool(dir);
    expect(await spool.oldest(2)).toHaveLength(2);
    expect((await drain(spool)).map(({ receivedAt }) => receivedAt - NOW)).toEqual([...Array(60).keys()]);
  });

  it('is empty only when nothing is on disk and nothing on its way there', async () => {
    const spool = await openSpool(folder());
    expect(spool.isEmpty).toBe(true);
    const appended = spool.append(push(1));
    expect(spool.isEmpty).toBe(false);
    await appended;
    await spool.written();
    expect(spool.isEmpty).toBe(false);
  });

  it('keeps what is being written while everything before it is let go of', async () => {
    const dir = folder();
    const spool = await openSpool(dir);
    for (let n = 0; n < 50; n++) {
      await spool.append(push(n));
      const appended = spool.append(push(100 + n));
      await drain(spool);
      await appended;
      // Whoever drains may have had it already.
      const left = await drain(spool);
      expect(spool.counts.released).toBe(2 * (n + 1));
      expect(left.every(({ receivedAt }) => receivedAt === NOW + 100 + n)).toBe(true);
    }
  });

  it('finishes what is being written before it closes', async () => {
    const dir = folder();
    const spool = await openSpool(dir);
    void spool.append(push(1));
    await spool.close();
    expect(await all(await openSpool(dir))).toEqual([push(1)]);
  });

  it('takes appends that come together with one write', async () => {
    const spool = await openSpool(folder());
    const kept = await Promise.all(Array.from({ length: 500 }, (_, n) => spool.append(push(n))));
    expect(kept.every((entry) => entry !== undefined)).toBe(true);
    expect((await drain(spool)).map(({ receivedAt }) => receivedAt - NOW)).toEqual([...Array(500).keys()]);
  });

  it.each([1, 5, 9, 20])('reads up to a tail torn off by %i bytes', async (bytes) => {
    const dir = folder();
    const first = await openSpool(dir);
    for (const n of [1, 2, 3]) await first.append(push(n));
    await first.close();
    const file = join(dir, readdirSync(dir)[0] ?? '');
    truncateSync(file, statSync(file).size - bytes);
    const spool = await openSpool(dir);
    expect(await all(spool)).toEqual([push(1), push(2)]);
    expect(spool.counts.damaged).toBe(1);
  });

  it('reads up to zeros or noise at the end, as a power cut leaves them', async () => {
    for (const tail of [Buffer.alloc(4096), Buffer.from('ffffffff00112233445566778899aabbcc', 'hex')]) {
      const dir = folder();
      const first = await openSpool(dir);
      await first.append(push(1));
      await first.close();
      appendFileSync(join(dir, readdirSync(dir)[0] ?? ''), tail);
      expect(await all(await openSpool(dir))).toEqual([push(1)]);
    }
  });

  it('leaves out a record whose bytes changed, and only that one', async () => {
    const dir = folder();
    const first = await openSpool(dir);
    for (const n of [1, 2, 3]) await first.append(push(n, `body of ${n}`));
    await first.close();
    const file = join(dir, readdirSync(dir)[0] ?? '');
    writeFileSync(file, readFileSync(file, 'latin1').replace('body of 2', 'bodi of 2'), 'latin1');
    const spool = await openSpool(dir);
    expect(await all(spool)).toEqual([push(1, 'body of 1'), push(3, 'body of 3')]);
    expect(spool.counts.damaged).toBe(1);
  });

  it('refuses what is beyond its size, and takes it again when there is room', async () => {
    const spool = await openSpool(folder(), { maxBytes: 1_000, segmentBytes: 200 });
    let kept = 0;
    while ((await spool.append(push(kept))) !== undefined) kept++;
    expect(spool.bytes).toBeLessThanOrEqual(1_000);
    expect(spool.counts.refusedFull).toBe(1);
    expect(await drain(spool)).toHaveLength(kept);
    expect(await spool.append(push(0))).toMatchObject({ push: push(0) });
  });

  it('does not promise more room than there is to appends that come together', async () => {
    const spool = await openSpool(folder(), { maxBytes: 1_000 });
    const kept = await Promise.all(Array.from({ length: 100 }, (_, n) => spool.append(push(n))));
    expect(spool.bytes).toBeLessThanOrEqual(1_000);
    expect(kept.filter(Boolean).length).toBe(spool.counts.spooled);
  });

  it('drops and counts what waited too long', async () => {
    let now = NOW;
    const spool = await openSpool(folder(), { maxAgeMs: 1_000, clock: () => now });
    await spool.append(push(0));
    await spool.append(push(900));
    now = NOW + 1_500;
    for (const _ of ['once', 'and not once more']) {
      expect(await all(spool)).toEqual([push(900)]);
      expect(spool.counts.expired).toBe(1);
    }
  });

  it('says no when it cannot write, and goes on when it can again', async () => {
    const dir = folder();
    const errors: unknown[] = [];
    const spool = await openSpool(dir, { onError: (error) => errors.push(error) });
    rmSync(dir, { recursive: true });
    expect(await spool.append(push(1))).toBeUndefined();
    expect(spool.counts.failedWrites).toBe(1);
    expect(errors).toHaveLength(1);
    await spool.open();
    expect(await spool.append(push(2))).toMatchObject({ push: push(2) });
    expect(await all(spool)).toEqual([push(2)]);
  });

  it('keeps its files to itself', async () => {
    const dir = folder();
    const spool = await openSpool(dir);
    await spool.append(push(1));
    const file = join(dir, readdirSync(dir)[0] ?? '');
    expect([statSync(dir).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  });
});
