import type { Language } from './names.ts';

/** What the library that checks requests, settings and files tells of a wrong value, as far as we look at it. */
export interface WrongValue {
  code?: string;
  input?: unknown;
  /** What has the bound: `string`, `number`, `int` or `array`. */
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  inclusive?: boolean;
  exact?: boolean;
  expected?: string;
  format?: string;
  prefix?: string;
  suffix?: string;
  values?: readonly unknown[];
  options?: readonly unknown[];
  keys?: readonly string[];
  divisor?: number;
}

/** What can be wrong with a field, by its code: English and German; `%` stands for the bound. */
const PHRASES = {
  missing: ['is missing', 'fehlt'],
  empty: ['must not be empty', 'darf nicht leer sein'],
  'at-least': ['must be at least %', 'mindestens %'],
  'at-most': ['must be at most %', 'höchstens %'],
  above: ['must be above %', 'mehr als %'],
  below: ['must be below %', 'weniger als %'],
  shortest: ['must have at least % characters', 'mindestens % Zeichen'],
  longest: ['must have at most % characters', 'höchstens % Zeichen'],
  length: ['must have % characters', 'genau % Zeichen'],
  fewest: ['must have at least % entries', 'mindestens % Einträge'],
  most: ['must have at most % entries', 'höchstens % Einträge'],
  entries: ['must have % entries', 'genau % Einträge'],
  multiple: ['must be a multiple of %', 'ein Vielfaches von %'],
  'one-of': ['must be one of %', 'eine der Möglichkeiten'],
  beginning: ['must begin with %', 'muss mit % beginnen'],
  ending: ['must end with %', 'muss mit % enden'],
  number: ['must be a number', 'eine Zahl'],
  whole: ['must be a whole number', 'eine ganze Zahl'],
  text: ['must be text', 'Text'],
  'yes-or-no': ['must be true or false', 'ja oder nein'],
  list: ['must be a list', 'eine Liste'],
  object: ['must be an object', 'ein Objekt'],
  mail: ['must be a mail address', 'eine Mailadresse'],
  url: ['must be a URL', 'eine Internetadresse'],
  date: ['must be a date such as 2026-01-05', 'ein Datum wie 2026-01-05'],
  time: [
    'must be ISO 8601 with Z or an offset, such as 2026-01-05T12:00:00Z',
    'ein Zeitpunkt wie 2026-01-05T12:00:00Z',
  ],
  unknown: ['unknown field %', 'unbekanntes Feld'],
  wrong: ['has the wrong form', 'falsche Form'],
  exactly: ['must be %', 'stimmt nicht'],
} as const satisfies Record<string, readonly [english: string, german: string]>;
type Phrase = keyof typeof PHRASES;

/** Why a field is refused: in English for programs, and as a code with its bound for pages of any language. */
export interface FieldRefusal {
  message: string;
  /** Absent where `message` is a sentence of its own. */
  code?: string;
  /** What `message` names beside its words: a number, choices, fields. */
  bound?: string;
}

const TYPES: Readonly<Record<string, Phrase>> = {
  string: 'text',
  number: 'number',
  int: 'whole',
  boolean: 'yes-or-no',
  array: 'list',
  tuple: 'list',
  object: 'object',
  record: 'object',
};
const FORMATS: Readonly<Record<string, Phrase>> = { email: 'mail', url: 'url', date: 'date', datetime: 'time' };

/** What is wrong with a value, in a few English words that go on from its name: `must be at most 90`. */
export function fieldWords(wrong: WrongValue): string {
  const [phrase, bound] = phraseOf(wrong);
  return PHRASES[phrase][0].replace('%', () => String(bound ?? ''));
}

/** What a parse found wrong with a field. `said` is its message, which a schema may have made itself. */
export function fieldRefusal(wrong: WrongValue, said: string): FieldRefusal {
  if (fieldWords(wrong) !== said) return { message: said };
  const [code, bound] = phraseOf(wrong);
  return { message: said, code, ...(bound !== undefined && { bound: String(bound) }) };
}

/** A refusal in the words of a page; undefined where there are none but its English message. */
export function refusalIn(language: Language, { message, code, bound = '' }: FieldRefusal): string | undefined {
  if (language === 'en') return message;
  // A server of another version may know a code that this page does not.
  const german = Object.entries(PHRASES).find(([known]) => known === code)?.[1][1];
  return german?.replace('%', () => bound.replace(/^(-?\d+)\./, '$1,'));
}

function phraseOf(wrong: WrongValue): [Phrase, unknown?] {
  const { code, input, values, options, keys, divisor } = wrong;
  if (input === undefined && code !== 'unrecognized_keys') return ['missing'];
  switch (code) {
    case 'invalid_type':
      return [TYPES[wrong.expected ?? ''] ?? 'wrong'];
    case 'too_small':
    case 'too_big':
      return boundOf(wrong);
    case 'invalid_value':
    case 'invalid_union':
      return choiceOf(values ?? options ?? []);
    case 'invalid_format':
      return formatOf(wrong);
    case 'unrecognized_keys':
      return ['unknown', keys?.join(', ')];
    case 'not_multiple_of':
      return ['multiple', divisor];
    default:
      return ['wrong'];
  }
}

function boundOf({ code, origin, minimum, maximum, inclusive, exact }: WrongValue): [Phrase, unknown?] {
  const isSmall = code === 'too_small';
  const bound = isSmall ? minimum : maximum;
  if (origin !== 'string' && origin !== 'array') {
    // Beyond what a number can hold exactly: whoever wrote it meant no whole number of ours.
    if (Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER) return ['whole'];
    if (inclusive) return [isSmall ? 'at-least' : 'at-most', bound];
    return [isSmall ? 'above' : 'below', bound];
  }
  const isText = origin === 'string';
  if (exact) return [isText ? 'length' : 'entries', bound];
  if (isSmall && Number(bound) === 1) return ['empty'];
  if (isSmall) return [isText ? 'shortest' : 'fewest', bound];
  return [isText ? 'longest' : 'most', bound];
}

function choiceOf(choices: readonly unknown[]): [Phrase, unknown?] {
  if (choices.length === 0) return ['wrong'];
  return [choices.length === 1 ? 'exactly' : 'one-of', choices.join(', ')];
}

function formatOf({ format = '', prefix, suffix }: WrongValue): [Phrase, unknown?] {
  if (format === 'starts_with') return ['beginning', prefix];
  if (format === 'ends_with') return ['ending', suffix];
  return [FORMATS[format] ?? 'wrong'];
}
