import { isoInstant } from '../domain/isoInstant.ts';
import { type Rejection, reject } from '../domain/reading.ts';
import { FUNCTIONS } from './filterFunctions.ts';
import type { Kind } from './filterKinds.ts';
import { type Geometry, parseWkt } from './geometry.ts';

/** A point in time, epoch ms. */
export interface Instant {
  instant: number;
}

/** A length of time, ms. */
export interface Duration {
  durationMs: number;
}

/** A point, line or polygon written as text. */
export interface Shape {
  geometry: Geometry;
}

/** A constant in a filter. */
export type Literal = string | number | boolean | null | Instant | Duration | Shape;

/** Operators between two expressions. */
export type Operator = (typeof LEVELS)[number][number];

/** A parsed `$filter`. Each part knows `at` which character of the filter it stands, from 1: operators where their word is. */
export type Expression =
  | { kind: 'literal'; at: number; value: Literal; of: Kind; text: string }
  | { kind: 'path'; at: number; steps: string[] }
  | { kind: 'call'; at: number; name: string; args: Expression[] }
  | { kind: 'binary'; at: number; operator: Operator; left: Expression; right: Expression }
  | { kind: 'not'; at: number; operand: Expression };

/** Binary operators from the weakest to the strongest (OData 4.0 part 2, section 5.1.1.9). */
const LEVELS = [
  ['or'],
  ['and'],
  ['eq', 'ne'],
  ['gt', 'ge', 'lt', 'le'],
  ['add', 'sub'],
  ['mul', 'div', 'mod'],
] as const;

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 40;
const TOKEN =
  /\s*(?:(geography'(?:[^']|'')*')|(duration'[^']*')|('(?:[^']|'')*')|(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))|(\d{4}-\d\d-\d\d)|(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_@][\w@.]*(?:\/[\w@.]+)*)|([(),]))/y;

/** Kinds of tokens, in the order of `TOKEN`'s groups. */
const TOKEN_KINDS = ['geography', 'duration', 'string', 'time', 'date', 'clock', 'number', 'word', 'mark'] as const;

interface Token {
  kind: (typeof TOKEN_KINDS)[number];
  text: string;
  /** Its first character's place in the filter, from 1. */
  at: number;
}

/** Carries a rejection out of the recursion; never leaves this file. */
class FilterError extends Error {}

/**
 * Parses `$filter`: `result gt 10 and phenomenonTime ge 2026-01-01T00:00:00Z`. What it does not support is refused with
 * a sentence that names it, never ignored.
 */
export function parseFilter(text: string): Expression | Rejection {
  if (text.length > MAX_LENGTH) return reject('unreadable', 'The filter is too long.');
  try {
    const parser = new Parser(tokensOf(text));
    return parser.whole();
  } catch (error) {
    if (error instanceof FilterError) return reject('unreadable', error.message);
    throw error;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) {
      const rest = text.slice(at);
      const start = at + rest.length - rest.trimStart().length + 1;
      throw new FilterError(`The filter cannot be read from "${rest.trim().slice(0, 20)}" at character ${start} on.`);
    }
    const index = match.slice(1).findIndex((group) => group !== undefined);
    const word = match[index + 1]!;
    tokens.push({ kind: TOKEN_KINDS[index]!, text: word, at: TOKEN.lastIndex - word.length + 1 });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#binary(0);
    const more = this.#peek();
    if (more !== undefined) throw new FilterError(`The filter has "${more.text}" at character ${more.at} too much.`);
    return expression;
  }

  #binary(level: number): Expression {
    const operators: readonly string[] | undefined = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let next = this.#peek(); next?.kind === 'word' && operators.includes(next.text); next = this.#peek()) {
      this.#at++;
      const { at, text } = next;
      left = { kind: 'binary', at, operator: text as Operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new FilterError('The filter is nested too deeply.');
    const token = this.#peek();
    const isNot = token?.kind === 'word' && token.text === 'not';
    if (isNot) this.#at++;
    const expression: Expression = isNot ? { kind: 'not', at: token.at, operand: this.#unary() } : this.#primary();
    this.#depth--;
    return expression;
  }

  #primary(): Expression {
    const token = this.#peek();
    this.#at++;
    if (token === undefined) throw new FilterError('The filter ends too early.');
    if (token.kind !== 'mark') return token.kind === 'word' ? this.#word(token) : literal(token);
    if (token.text !== '(')
      throw new FilterError(`The filter has "${token.text}" at character ${token.at}, where a value belongs.`);
    const inner = this.#binary(0);
    this.#expect(')');
    return inner;
  }

  #word(token: Token): Expression {
    const { text, at } = token;
    if (this.#peek()?.text === '(') return this.#call(token);
    if (text === 'true' || text === 'false') {
      return { kind: 'literal', at, text, value: text === 'true', of: 'condition' };
    }
    if (text === 'null') return { kind: 'literal', at, text, value: null, of: 'nothing' };
    return { kind: 'path', at, steps: text.split('/') };
  }

  #call({ text: name, at }: Token): Expression {
    if (!Object.hasOwn(FUNCTIONS, name)) {
      throw new FilterError(`The function ${name} at character ${at} is not supported.`);
    }
    this.#expect('(');
    const args: Expression[] = [];
    while (this.#peek()?.text !== ')') {
      if (args.length > 0) this.#expect(',');
      args.push(this.#binary(0));
    }
    this.#expect(')');
    return { kind: 'call', at, name, args };
  }

  #expect(mark: string): void {
    const token = this.#peek();
    if (token?.text !== mark) {
      const where = token === undefined ? 'at its end' : `at character ${token.at}, before "${token.text}"`;
      throw new FilterError(`The filter lacks "${mark}" ${where}.`);
    }
    this.#at++;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
}

/** Whether a word is a day, a time of day or a time with its zone, and what it stands for. */
function literal(token: Token): Expression {
  const { kind, text, at } = token;
  const constant = { kind: 'literal', at, text } as const;
  if (kind === 'number') return { ...constant, value: Number(text), of: 'number' };
  if (kind === 'string') return { ...constant, value: unquoted(text), of: 'text' };
  if (kind === 'geography')
    return { ...constant, value: shape(unquoted(text.slice('geography'.length)), at), of: 'place' };
  if (kind === 'duration') {
    return { ...constant, value: duration(unquoted(text.slice('duration'.length)), at), of: 'duration' };
  }
  const time = timeOf(text);
  if (time === undefined) throw new FilterError(`${text} at character ${at} is no time.`);
  return { ...constant, ...time };
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?$/;

/** The time, day or time of day that a text is; undefined for another text. */
export function timeOf(text: string): { value: Literal; of: 'time' | 'day' | 'clock' } | undefined {
  const [, hour, minute, second = '00', fraction = ''] = CLOCK.exec(text) ?? [];
  // As `time()` gives it: to the millisecond.
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  if (hour !== undefined) return { value: `${hour}:${minute}:${second}.${millis}`, of: 'clock' };
  const instant = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? isoInstant(text) : Number.NaN;
  if (Number.isNaN(instant)) return undefined;
  // A day is text, as `date()` gives it: its order is the same, also beside a whole time.
  return text.includes('T') ? { value: { instant }, of: 'time' } : { value: text, of: 'day' };
}

/** `P1DT2H30M5.5S`: days and less, as months and years have no length (OData 4.0 part 3, `durationValue`). */
function duration(text: string, at: number): Duration {
  const parts = /^(-?)P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (parts === null) {
    throw new FilterError(`"${text}" at character ${at} is no duration of days, hours, minutes and seconds.`);
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(2).map((part) => Number(part ?? 0));
  const durationMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return { durationMs: parts[1] === '-' ? -durationMs : durationMs };
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

function shape(text: string, at: number): Shape {
  const geometry = parseWkt(text);
  if (geometry === undefined) {
    throw new FilterError(`A geography, as at character ${at}, is a POINT, a LINESTRING or a POLYGON.`);
  }
  return { geometry };
}
