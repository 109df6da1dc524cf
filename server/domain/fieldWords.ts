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

/** What can be wrong with a field: English for programs, German for forms; `%` stands for the bound. */
const PHRASES = {
  missing: ['is missing', 'fehlt'],
  empty: ['must not be empty', 'darf nicht leer sein'],
  atLeast: ['must be at least %', 'mindestens %'],
  atMost: ['must be at most %', 'höchstens %'],
  above: ['must be above %', 'mehr als %'],
  below: ['must be below %', 'weniger als %'],
  shortest: ['must have at least % characters', 'mindestens % Zeichen'],
  longest: ['must have at most % characters', 'höchstens % Zeichen'],
  length: ['must have % characters', 'genau % Zeichen'],
  fewest: ['must have at least % entries', 'mindestens % Einträge'],
  most: ['must have at most % entries', 'höchstens % Einträge'],
  entries: ['must have % entries', 'genau % Einträge'],
  multiple: ['must be a multiple of %', 'ein Vielfaches von %'],
  oneOf: ['must be one of %', 'eine der Möglichkeiten'],
  beginning: ['must begin with %', 'muss mit % beginnen'],
  ending: ['must end with %', 'muss mit % enden'],
  number: ['must be a number', 'eine Zahl'],
  whole: ['must be a whole number', 'eine ganze Zahl'],
  text: ['must be text', 'Text'],
  yesOrNo: ['must be true or false', 'ja oder nein'],
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

const TYPES: Readonly<Record<string, Phrase>> = {
  string: 'text',
  number: 'number',
  int: 'whole',
  boolean: 'yesOrNo',
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

/** The German of what `fieldWords` said; undefined for any other sentence. */
export function germanFieldWords(said: string): string | undefined {
  const whole = Object.values(PHRASES).find(([english]) => english === said);
  if (whole !== undefined) return whole[1];
  for (const [english, german] of Object.values(PHRASES)) {
    const [before, after] = english.split('%');
    if (before === undefined || after === undefined) continue;
    if (!said.startsWith(before) || !said.endsWith(after)) continue;
    const bound = said.slice(before.length, said.length - after.length);
    // Another sentence may begin like one of ours; a bound is one word, a choice some with commas between.
    if (/^\S+(, \S+)*$/.test(bound)) return german.replace('%', () => bound.replace(/^(-?\d+)\./, '$1,'));
  }
  return undefined;
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
    if (inclusive) return [isSmall ? 'atLeast' : 'atMost', bound];
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
  return [choices.length === 1 ? 'exactly' : 'oneOf', choices.join(', ')];
}

function formatOf({ format = '', prefix, suffix }: WrongValue): [Phrase, unknown?] {
  if (format === 'starts_with') return ['beginning', prefix];
  if (format === 'ends_with') return ['ending', suffix];
  return [FORMATS[format] ?? 'wrong'];
}
