import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, BundleStation, OpenLeaf } from '../../server/citation/bundle.ts';
import { canonicalJson } from '../../server/citation/canonicalJson.ts';
import { leafHash, merkleRoot } from '../../server/citation/merkle.ts';
import { bundleHead } from '../../server/citation/seal.ts';
import { verifyBundle } from '../../server/citation/verifyBundle.ts';
import { EVALUATORS } from '../../server/domain/report/evaluators.ts';
import { CHOICE_VALUES, DEFAULT_CHOICES } from '../../server/domain/report/question.ts';
import { areaQuestion, bundleOf, compared, someEvidence } from '../support/citedBundle.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

const CHECKER = fileURLToPath(new URL('../../docs/check-citation.mjs', import.meta.url));
const golden = (method: string) => fileURLToPath(new URL(`../fixtures/citations/${method}.json`, import.meta.url));

let folder: string;
let bundle: Bundle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'buergerluft-citation-'));
  const question = areaQuestion({ to: '2025-02-04' });
  bundle = await bundleOf(question, someEvidence(question, 4));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the checker in docs/ says, which shares no line with the server. */
function independentCheck(text: string): string {
  const file = join(folder, 'bundle.json');
  writeFileSync(file, text);
  try {
    return execFileSync(process.execPath, [CHECKER, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    return String((error as { stdout: string; stderr: string }).stdout);
  }
}

function changed(change: (copy: Bundle) => void, from = bundle): string {
  const copy = structuredClone(from);
  change(copy);
  return canonicalJson(copy);
}

function upperCase<Key extends string>(holder: Record<Key, string>, key: Key): void {
  holder[key] = holder[key].toUpperCase() as never;
}

const station = (copy: Bundle, at: number) => copy.stations[at] as BundleStation;

describe('a bundle', () => {
  it('holds after export, for us and for the independent checker', () => {
    const text = canonicalJson(bundle);
    expect(verifyBundle(text)).toMatchObject({ outcome: 'holds', stations: 4, withdrawn: 0 });
    expect(independentCheck(text)).toMatch(/^HOLDS\n/);
  });

  it.each(Object.keys(CHOICE_VALUES) as (keyof typeof CHOICE_VALUES)[])(
    'holds with another %s, for the independent checker too',
    async (name) => {
      const choices = { ...DEFAULT_CHOICES, [name]: CHOICE_VALUES[name][1] };
      const question = areaQuestion({ choices });
      const text = canonicalJson(await bundleOf(question, someEvidence(question, 7, 3)));
      expect(verifyBundle(text)).toMatchObject({ outcome: 'holds' });
      expect(independentCheck(text)).toMatch(/^HOLDS\n/);
    },
  );

  it('holds for one station, for too few stations, without hours and without a value to compare with', async () => {
    const one = areaQuestion({ place: { stationIds: ['station000'] }, limitId: null });
    const cases = [
      [one, someEvidence(one, 1)],
      [areaQuestion(), someEvidence(areaQuestion(), 2)],
      [areaQuestion(), someEvidence(areaQuestion(), 3).map((each) => ({ ...each, hours: [] }))],
      [areaQuestion(), []],
      [areaQuestion({ quantity: 'pm25', limitId: 'who2021.pm25.day.aqg' }), someEvidence(areaQuestion(), 5)],
    ] as const;
    for (const [question, evidence] of cases) {
      const text = canonicalJson(await bundleOf(question, evidence));
      expect(verifyBundle(text)).toMatchObject({ outcome: 'holds', stations: evidence.length });
      expect(independentCheck(text)).toMatch(/^HOLDS\n/);
    }
  });

  it('fails after the change of any byte', () => {
    const text = Buffer.from(canonicalJson(bundle));
    const random = randomNumbers(11);
    for (let round = 0; round < 400; round++) {
      const at = Math.floor(random() * text.length);
      const bytes = Buffer.from(text);
      do bytes[at] = 32 + Math.floor(random() * 95);
      while (bytes[at] === text[at]);
      const { outcome } = verifyBundle(bytes.toString());
      if (outcome !== 'fails')
        throw new Error(`byte ${at}: ${text.toString('utf8', at - 20, at + 20)} still ${outcome}`);
    }
  });

  it.each<[string, (copy: Bundle) => void, object]>([
    [
      'an hour',
      (copy) => {
        const [salt, check, row] = station(copy, 2).rows[17]!;
        station(copy, 2).rows[17] = [salt, check, [row[0], row[1], 12.3, row[3], row[4], row[5], row[6], row[7]]];
      },
      { reason: 'leaf', path: 'stations[2].rows[17]' },
    ],
    [
      'an hour left out',
      (copy) => void station(copy, 1).rows.splice(hourWithMean(copy), 1),
      { reason: 'figure', path: /^stations\[1\]/ },
    ],
    [
      'days above',
      (copy) => {
        copy.head.value.answer.figure.ledger!.above += 1;
      },
      { reason: 'figure', path: 'head.value.answer.figure.ledger.above' },
    ],
    [
      'where a station stands',
      (copy) => {
        (station(copy, 0).place as { value: { name: string } }).value.name = 'Anderswo';
      },
      { reason: 'leaf', path: 'stations[0].place' },
    ],
    ['the id', (copy) => Object.assign(copy, { id: 'ab'.repeat(32) }), { reason: 'root', path: 'id' }],
    ['the signature', (copy) => Object.assign(copy, { signature: '00'.repeat(64) }), { reason: 'signature' }],
    ['a field more', (copy) => Object.assign(copy, { note: 'trust me' }), { reason: 'form', path: 'note' }],
    ['a station away', (copy) => void copy.stations.pop(), { reason: 'root', path: 'stations' }],
    [
      'a later version',
      (copy) => Object.assign(copy, { schemaVersion: 2 }),
      { reason: 'newer-form', path: 'schemaVersion' },
    ],
  ])('with %s changed is named with the first place that differs', (_, change, failure) => {
    const verdict = verifyBundle(changed(change));
    const { path, ...rest } = failure as { path?: string | RegExp };
    expect(verdict).toMatchObject({ outcome: 'fails', failure: rest });
    if (path !== undefined && verdict.outcome === 'fails') {
      expect(verdict.failure.path).toMatch(
        path instanceof RegExp ? path : new RegExp(`^${path.replace(/[[\].]/g, '\\$&')}$`),
      );
    }
  });

  it.each([
    ['a period that ends before it begins', '"from":"2025-02-01"', '"from":"9025-02-01"'],
    ['a period of thousands of years', '"to":"2025-02-04"', '"to":"9025-02-04"'],
    ['a day shifted by days', '"dayOffset":"+01:00"', '"dayOffset":"+91:00"'],
  ])('with %s by one byte fails at once, and is named', (_, before, after) => {
    const text = canonicalJson(bundle).replace(before, after);
    const { failure } = verifyBundle(text) as { failure: { reason: string; path: string } };
    expect(failure.reason).toBe('form');
    expect(failure.path).toMatch(/^head\.value\.question\.(to|dayOffset)$/);
    expect(independentCheck(text)).toMatch(/^DOES NOT HOLD: head was changed/);
  });

  it.each<[string, (copy: Bundle) => void]>([
    ['a salt', (copy) => upperCase(station(copy, 0).facts, 'salt')],
    ['the key', (copy) => upperCase(copy, 'publicKey')],
    ['the signature', (copy) => upperCase(copy, 'signature')],
    ['the end', (copy) => Object.assign(copy, { signature: `${copy.signature}zz` })],
  ])('with %s written otherwise fails for both checkers: a bundle has one form', (_, change) => {
    const text = changed(change);
    expect(verifyBundle(text)).toMatchObject({ outcome: 'fails' });
    expect(independentCheck(text)).toMatch(/^DOES NOT HOLD: .* is not lower-case hex/);
  });

  it('may be written otherwise as long as it says the same: blanks, order of fields, digits and escapes mean nothing', () => {
    const { id, stations, ...rest } = bundle;
    const loose = JSON.stringify({ stations, ...rest, id }, undefined, 2);
    const value = /: (\d+\.\d+)/.exec(loose)![1]!;
    const text = loose.replaceAll(`: ${value}`, `: ${value}00`).replaceAll('ü', '\\u00fc');
    expect(text).not.toBe(loose);
    expect(verifyBundle(text)).toMatchObject({ outcome: 'holds' });
    expect(independentCheck(text)).toMatch(/^HOLDS\n/);
  });

  it.each(['', 'x', 'null', '[]', '{"schemaVersion":1}', '{"schemaVersion":1,"head":{"value":{}},"stations":[{}]}'])(
    'that is none, %j, is refused by both checkers in one line',
    (text) => {
      expect(verifyBundle(text)).toMatchObject({ outcome: 'fails' });
      expect(independentCheck(text)).toMatch(/^DOES NOT HOLD: .*\n$/);
    },
  );

  it('with a figure that was changed and sealed again still fails: the numbers do not follow from the rows', () => {
    const text = changed((copy) => {
      copy.head.value.answer.figure.value = 9.9;
      copy.head = bundleHead(copy.head.value, Buffer.from(copy.head.salt, 'hex'));
    });
    expect(verifyBundle(text)).toMatchObject({ outcome: 'fails' });
    expect(independentCheck(text)).toMatch(/^DOES NOT HOLD/);
  });

  it('with a withdrawn station holds as far as checkable, and the rest stays provable', () => {
    const roots = bundle.stations.map((_, at) => rootOf(station(bundle, at)));
    const withdraw = (copy: Bundle) => void copy.stations.splice(1, 1, { withdrawn: roots[1]! });
    const text = changed(withdraw);
    expect(verifyBundle(text)).toMatchObject({ outcome: 'partly', stations: 4, withdrawn: 1 });
    expect(independentCheck(text)).toMatch(/^HOLDS AS FAR AS CHECKABLE: 1 of 4/);
    const tampered = changed((copy) => {
      withdraw(copy);
      const row = station(copy, 0).rows[3]!;
      station(copy, 0).rows[3] = [row[0], row[1], [row[2][0] + 1, ...row[2].slice(1)] as never];
    });
    expect(verifyBundle(tampered)).toMatchObject({ failure: { reason: 'leaf', path: 'stations[0].rows[3]' } });
  });

  it('rests on what comparisons with an official station add to the uncertainty', async () => {
    const question = areaQuestion({ from: '2025-01-30', to: '2025-02-02' });
    const evidence = someEvidence(question, 4);
    const [plain, made] = [await bundleOf(question, evidence), await bundleOf(question, compared(question, evidence))];
    const figureOf = ({ head }: Bundle) => head.value.answer.figure;
    expect(figureOf(plain)).toMatchObject({ uncertaintyFrom: 'directive+humidity' });
    expect(figureOf(plain).comparedWith).toBeUndefined();
    // January's and February's own; over the four days the lasting bias, twice 9.25, is less than the directive's 22.5.
    expect(figureOf(made).days.map(({ uncertaintyFrom }) => uncertaintyFrom)).toEqual(
      Array(4).fill('comparison+humidity'),
    );
    expect(figureOf(made).days[0]!.uncertainty).toBeGreaterThanOrEqual(33.5);
    expect(figureOf(made).days[3]!.uncertainty).toBeGreaterThanOrEqual(34.5);
    expect(figureOf(made)).toMatchObject({ uncertaintyFrom: 'directive+humidity', value: figureOf(plain).value });
    expect(independentCheck(canonicalJson(made))).toMatch(/^HOLDS\n/);
    const text = changed((copy) => void Object.assign(station(copy, 0).facts.value.comparisons![0]!, { u: 99 }), made);
    expect(verifyBundle(text)).toMatchObject({ failure: { reason: 'leaf', path: 'stations[0].facts' } });
  });

  it('gives every leaf a salt of its own', () => {
    const salts = bundle.stations.flatMap((_, at) => station(bundle, at).rows.map(([salt]) => salt));
    expect(new Set(salts).size).toBe(salts.length);
    expect(salts[0]).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('a bundle kept for good', () => {
  it.each(Object.keys(EVALUATORS))('of method %s still holds: what was cited with it stays computable', (method) => {
    const text = readFileSync(golden(method), 'utf8');
    expect((JSON.parse(text) as Bundle).head.value.evaluator).toBe(method);
    expect(verifyBundle(text)).toMatchObject({ outcome: 'holds' });
    expect(independentCheck(text)).toMatch(/^HOLDS\n/);
  });
});

function rootOf({ place, facts, numbers, rows }: BundleStation): string {
  const leaves = [place, facts, numbers, ...rows.map(([salt, check, value]) => ({ salt, check, value }))];
  return merkleRoot(
    leaves.map((leaf) =>
      leafHash(Buffer.from((leaf as OpenLeaf<unknown>).salt, 'hex'), canonicalJson((leaf as OpenLeaf<unknown>).value)),
    ),
  ).toString('hex');
}

function hourWithMean(copy: Bundle): number {
  return station(copy, 1).rows.findIndex(([, , [, , mean]]) => mean !== null);
}
