import { readFileSync } from 'node:fs';

/** One golden vector of `tests/fixtures/tables/*.json`. */
export interface GoldenVector {
  id: string;
  rule: string;
  input: Record<string, unknown>;
  expected: Record<string, unknown>;
}

/** A table of the fixtures with its golden vectors. */
export function goldenTable(name: 'limits' | 'indices' | 'correction' | 'qc'): { golden: GoldenVector[] } {
  return JSON.parse(readFileSync(new URL(`../fixtures/tables/${name}.json`, import.meta.url), 'utf8')) as {
    golden: GoldenVector[];
  };
}

/**
 * Runs every vector through `compute`, which answers in the shape of `expected`. Returns how many ran and those that came out
 * wrong; a vector nobody can compute throws.
 */
export function runVectors(
  vectors: readonly GoldenVector[],
  compute: (vector: GoldenVector) => Record<string, unknown>,
): { ran: number; wrong: { id: string; expected: unknown; got: unknown }[] } {
  const wrong: { id: string; expected: unknown; got: unknown }[] = [];
  let ran = 0;
  for (const vector of vectors) {
    const got = compute(vector);
    ran += 1;
    const text = (of: Record<string, unknown>) =>
      JSON.stringify(Object.keys(vector.expected).map((key) => of[key] ?? null));
    if (text(got) !== text(vector.expected)) wrong.push({ id: vector.id, expected: vector.expected, got });
  }
  return { ran, wrong };
}
