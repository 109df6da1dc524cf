import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { fieldRefusal, fieldWords, refusalIn } from '../../server/domain/fieldWords.ts';

const WORDS: [string, z.ZodType, unknown, english: string, german: string][] = [
  ['a field that is not there', z.string(), undefined, 'is missing', 'fehlt'],
  ['a choice that is not made', z.enum(['1h', '24h']), undefined, 'is missing', 'fehlt'],
  ['a number too large', z.number().max(90), 91, 'must be at most 90', 'höchstens 90'],
  ['a number too small', z.number().min(-0.5), -1, 'must be at least -0.5', 'mindestens -0,5'],
  ['a number that is its open bound', z.number().gt(0), 0, 'must be above 0', 'mehr als 0'],
  ['a number above its open bound', z.number().lt(5), 5, 'must be below 5', 'weniger als 5'],
  ['a fraction', z.int(), 1.5, 'must be a whole number', 'eine ganze Zahl'],
  ['a number no computer counts to', z.int(), 1e300, 'must be a whole number', 'eine ganze Zahl'],
  ['a step', z.number().multipleOf(5), 3, 'must be a multiple of 5', 'ein Vielfaches von 5'],
  ['no number', z.coerce.number(), 'x', 'must be a number', 'eine Zahl'],
  ['an empty text', z.string().min(1), '', 'must not be empty', 'darf nicht leer sein'],
  ['a short text', z.string().min(3), 'a', 'must have at least 3 characters', 'mindestens 3 Zeichen'],
  ['a long text', z.string().max(3), 'four', 'must have at most 3 characters', 'höchstens 3 Zeichen'],
  ['a text of another length', z.string().length(3), 'a', 'must have 3 characters', 'genau 3 Zeichen'],
  ['no text', z.string(), ['a'], 'must be text', 'Text'],
  ['an empty list', z.array(z.string()).min(1), [], 'must not be empty', 'darf nicht leer sein'],
  ['a long list', z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 entries', 'höchstens 2 Einträge'],
  ['a short list', z.array(z.string()).min(2), ['a'], 'must have at least 2 entries', 'mindestens 2 Einträge'],
  ['a list of another length', z.array(z.string()).length(2), ['a'], 'must have 2 entries', 'genau 2 Einträge'],
  ['no list', z.array(z.string()), 'a', 'must be a list', 'eine Liste'],
  ['no object', z.object({}), [], 'must be an object', 'ein Objekt'],
  ['no choice', z.enum(['1h', '24h']), '2h', 'must be one of 1h, 24h', 'eine der Möglichkeiten'],
  ['another word', z.literal('sealed'), 'open', 'must be sealed', 'stimmt nicht'],
  ['no truth', z.boolean(), 'yes', 'must be true or false', 'ja oder nein'],
  ['no mail address', z.email(), 'me', 'must be a mail address', 'eine Mailadresse'],
  ['no URL', z.url(), 'me', 'must be a URL', 'eine Internetadresse'],
  ['no day', z.iso.date(), '2026-02-30', 'must be a date such as 2026-01-05', 'ein Datum wie 2026-01-05'],
  ['another beginning', z.string().startsWith('a/'), 'b', 'must begin with a/', 'muss mit a/ beginnen'],
  ['another end', z.string().endsWith('.csv'), 'b', 'must end with .csv', 'muss mit .csv enden'],
  ['another form', z.string().regex(/^a$/), 'b', 'has the wrong form', 'falsche Form'],
  ['none of several forms', z.union([z.string(), z.number()]), true, 'has the wrong form', 'falsche Form'],
  ['a field nobody knows', z.strictObject({}), { a: 1, b: 2 }, 'unknown field a, b', 'unbekanntes Feld'],
];

/** What the schema refuses in the input, as problems carry it. */
function refusalsOf(schema: z.ZodType, input: unknown) {
  const { error } = schema.safeParse(input, { error: fieldWords, reportInput: true });
  return (error?.issues ?? []).map((issue) => fieldRefusal(issue, issue.message));
}

it.each(WORDS)('%s is told in our own words', (_, schema, input, english, german) => {
  const refusals = refusalsOf(schema, input);
  expect(refusals.map((refusal) => refusalIn('en', refusal))).toEqual([english]);
  expect(refusals.map((refusal) => refusalIn('de', refusal))).toEqual([german]);
});

it('says with a code and its bound what a message says in words', () => {
  expect(refusalsOf(z.number().max(90), 91)).toEqual([{ message: 'must be at most 90', code: 'at-most', bound: '90' }]);
  expect(refusalsOf(z.string().min(1), '')).toEqual([{ message: 'must not be empty', code: 'empty' }]);
});

it('leaves the words of a schema that has its own, without a code', () => {
  const refused = refusalsOf(z.string().regex(/^a$/, 'must be an a'), 'b');
  expect(refused).toEqual([{ message: 'must be an a' }]);
  expect(refusalIn('de', refused[0]!)).toBeUndefined();
});

it('has no German for a code of another version', () => {
  expect(refusalIn('de', { message: 'must be blue', code: 'blue' })).toBeUndefined();
});
