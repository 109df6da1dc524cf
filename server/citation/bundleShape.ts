import { z } from 'zod';
import { CHOICE_VALUES, questionWindow, REPORT_QUANTITIES } from '../domain/report/question.ts';
import { MAX_DAYS } from '../report/questionUrl.ts';
import { BUNDLE_SCHEMA_VERSION, type Bundle, CITATION_ID, isWithdrawn } from './bundle.ts';

/**
 * The form of a bundle: as far as computing from it needs, and strict where a leaf's hash does not cover it. What a leaf
 * says beyond that is covered by its hash. Rows are too many for a schema; `isRow` looks at them.
 */

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const date = z.iso.date();
const leaf = <Value extends z.ZodType>(value: Value) => z.strictObject({ salt: hex(16), check: hex(4), value });

const choicesSchema = z.looseObject({
  statistic: z.enum(CHOICE_VALUES.statistic),
  values: z.enum(CHOICE_VALUES.values),
  doubtful: z.enum(CHOICE_VALUES.doubtful),
  annotated: z.enum(CHOICE_VALUES.annotated),
  highest: z.enum(CHOICE_VALUES.highest),
  stations: z.enum(CHOICE_VALUES.stations),
});

const questionSchema = z
  .looseObject({
    place: z.union([
      z.strictObject({ areaId: z.string() }),
      z.strictObject({ stationIds: z.array(z.string()).min(1) }),
    ]),
    quantity: z.enum(REPORT_QUANTITIES),
    from: date,
    to: date,
    dayOffset: z.string().regex(/^[+-](0\d|1[0-4]):[0-5]\d$/),
    choices: choicesSchema,
  })
  // The figure is computed day by day before the head's hash is trusted: a changed year must not keep that busy for hours.
  .refine((question) => isPeriod(questionWindow(question).days), { path: ['to'] });

function isPeriod(days: number): boolean {
  return days >= 1 && days <= MAX_DAYS;
}

const limitSchema = z.looseObject({
  id: z.string(),
  value: z.number(),
  averaging: z.string(),
  rounding: z.looseObject({ kind: z.enum(['half-up', 'truncate']), places: z.int().min(0).max(6) }),
  permittedExceedances: z.int().nullable(),
});

const headSchema = z.looseObject({
  schemaVersion: z.literal(BUNDLE_SCHEMA_VERSION),
  question: questionSchema,
  evaluator: z.string(),
  limit: limitSchema.nullable(),
  answer: z.looseObject({ figure: z.looseObject({}), gegenprobe: z.looseObject({}) }),
  stationCount: z.int().min(0),
});

const factsSchema = z.looseObject({
  isIndoor: z.boolean(),
  excludedFor: z.string().nullable(),
  validLastYear: z.boolean().nullable(),
  comparisons: z
    .array(z.looseObject({ month: z.string(), official: z.string(), u: z.number(), bias: z.number() }))
    .optional(),
});

const stationSchema = z.strictObject({
  place: z.union([leaf(z.looseObject({ stationId: z.string() })), z.strictObject({ withheld: hex(32) })]),
  facts: leaf(factsSchema),
  numbers: leaf(z.looseObject({})),
  // Looked at below: a schema would make an object of its own for each of 438,000 rows.
  rows: z.custom<unknown[]>(Array.isArray),
});

const bundleSchema = z.strictObject({
  schemaVersion: z.literal(BUNDLE_SCHEMA_VERSION),
  id: z.string().regex(CITATION_ID),
  head: leaf(headSchema),
  stations: z.array(z.union([stationSchema, z.strictObject({ withdrawn: hex(32) })])),
  publicKey: hex(32),
  signature: hex(64),
});

/** A bundle that can be computed with, or where its form is wrong. */
export function readBundle(json: unknown): Bundle | { path: string } {
  const parsed = bundleSchema.safeParse(json);
  if (parsed.success) return badRowOf(json as Bundle) ?? (json as Bundle);
  const path = deepest(parsed.error.issues[0]!)
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return { path };
}

/** Where it is wrong: of a union, in the form that came furthest. */
function deepest(issue: z.core.$ZodIssue): PropertyKey[] {
  if (issue.code === 'unrecognized_keys') return [...issue.path, issue.keys[0]!];
  if (issue.code !== 'invalid_union') return issue.path;
  const inner = issue.errors.flatMap(([first]) => (first === undefined ? [] : [deepest(first)]));
  const [best = []] = inner.sort((one, other) => other.length - one.length);
  return [...issue.path, ...best];
}

function badRowOf({ stations }: Bundle): { path: string } | undefined {
  for (const [at, station] of stations.entries()) {
    const bad = isWithdrawn(station) ? -1 : station.rows.findIndex((row) => !isRow(row));
    if (bad !== -1) return { path: `stations[${at}].rows[${bad}]` };
  }
  return undefined;
}

function isRow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [salt, check, row] = value;
  return typeof salt === 'string' && typeof check === 'string' && Array.isArray(row) && isHour(row);
}

function isHour(row: readonly unknown[]): boolean {
  const [start, sensor, mean, count, expected, flags, humidity, revision] = row;
  return (
    row.length === 8 &&
    Number.isSafeInteger(start) &&
    typeof sensor === 'string' &&
    (mean === null || typeof mean === 'number') &&
    typeof count === 'number' &&
    typeof expected === 'number' &&
    typeof flags === 'object' &&
    flags !== null &&
    (humidity === null || typeof humidity === 'number') &&
    typeof revision === 'number'
  );
}
