import { type Rejection, reject } from '../domain/reading.ts';
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

/** A parsed `$filter`. */
export type Expression =
  | { kind: 'literal'; value: Literal }
  | { kind: 'path'; steps: string[] }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'binary'; operator: Operator; left: Expression; right: Expression }
  | { kind: 'not'; operand: Expression };

/** Binary operators from the weakest to the strongest (OData 4.0 part 2, section 5.1.1.9). */
const LEVELS = [
  ['or'],
  ['and'],
  ['eq', 'ne'],
  ['gt', 'ge', 'lt', 'le'],
  ['add', 'sub'],
  ['mul', 'div', 'mod'],
] as const;

/** Functions and how many arguments each takes, at least and at most (OGC 18-088, table 24). */
const ARITY: Readonly<Record<string, number | readonly [number, number]>> = {
  substringof: 2,
  contains: 2,
  endswith: 2,
  startswith: 2,
  length: 1,
  indexof: 2,
  substring: [2, 3],
  tolower: 1,
  toupper: 1,
  trim: 1,
  concat: 2,
  year: 1,
  month: 1,
  day: 1,
  hour: 1,
  minute: 1,
  second: 1,
  fractionalseconds: 1,
  date: 1,
  time: 1,
  totaloffsetminutes: 1,
  now: 0,
  mindatetime: 0,
  maxdatetime: 0,
  round: 1,
  floor: 1,
  ceiling: 1,
  'geo.distance': 2,
  'geo.length': 1,
  'geo.intersects': 2,
  st_equals: 2,
  st_disjoint: 2,
  st_touches: 2,
  st_within: 2,
  st_overlaps: 2,
  st_crosses: 2,
  st_intersects: 2,
  st_contains: 2,
  st_relate: 3,
};

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 40;
const TOKEN =
  /\s*(?:(geography'(?:[^']|'')*')|(duration'[^']*')|('(?:[^']|'')*')|(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))|(\d{4}-\d\d-\d\d)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_@][\w@.]*(?:\/[\w@.]+)*)|([(),]))/y;

/** Kinds of tokens, in the order of `TOKEN`'s groups. */
const TOKEN_KINDS = ['geography', 'duration', 'string', 'time', 'date', 'number', 'word', 'mark'] as const;

interface Token {
  kind: (typeof TOKEN_KINDS)[number];
  text: string;
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
    if (match === null) throw new FilterError(`The filter cannot be read from "${text.slice(at, at + 20).trim()}" on.`);
    const index = match.slice(1).findIndex((group) => group !== undefined);
    tokens.push({ kind: TOKEN_KINDS[index]!, text: match[index + 1]! });
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
    if (this.#peek() !== undefined) throw new FilterError(`The filter has "${this.#peek()?.text}" too much.`);
    return expression;
  }

  #binary(level: number): Expression {
    const operators: readonly string[] | undefined = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let next = this.#peek(); next?.kind === 'word' && operators.includes(next.text); next = this.#peek()) {
      this.#at++;
      left = { kind: 'binary', operator: next.text as Operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new FilterError('The filter is nested too deeply.');
    const token = this.#peek();
    const isNot = token?.kind === 'word' && token.text === 'not';
    if (isNot) this.#at++;
    const expression: Expression = isNot ? { kind: 'not', operand: this.#unary() } : this.#primary();
    this.#depth--;
    return expression;
  }

  #primary(): Expression {
    const token = this.#peek();
    this.#at++;
    if (token === undefined) throw new FilterError('The filter ends too early.');
    if (token.kind !== 'mark') return token.kind === 'word' ? this.#word(token.text) : literal(token);
    if (token.text !== '(') throw new FilterError(`The filter has "${token.text}" where a value belongs.`);
    const inner = this.#binary(0);
    this.#expect(')');
    return inner;
  }

  #word(text: string): Expression {
    if (this.#peek()?.text === '(') return this.#call(text);
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
    if (text === 'null') return { kind: 'literal', value: null };
    return { kind: 'path', steps: text.split('/') };
  }

  #call(name: string): Expression {
    const arity = Object.hasOwn(ARITY, name) ? ARITY[name] : undefined;
    if (arity === undefined) throw new FilterError(`The function ${name} is not supported.`);
    const [least, most] = typeof arity === 'number' ? [arity, arity] : arity;
    this.#expect('(');
    const args: Expression[] = [];
    while (args.length < most && (args.length < least || this.#peek()?.text === ',')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#binary(0));
    }
    this.#expect(')');
    return { kind: 'call', name, args };
  }

  #expect(mark: string): void {
    if (this.#peek()?.text !== mark) throw new FilterError(`The filter lacks "${mark}".`);
    this.#at++;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
}

function literal({ kind, text }: Token): Expression {
  if (kind === 'number') return { kind: 'literal', value: Number(text) };
  if (kind === 'string') return { kind: 'literal', value: unquoted(text) };
  if (kind === 'geography') return { kind: 'literal', value: shape(unquoted(text.slice('geography'.length))) };
  if (kind === 'duration') return { kind: 'literal', value: duration(unquoted(text.slice('duration'.length))) };
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new FilterError(`${text} is no time.`);
  // A day is text, as `date()` gives it: its order is the same, also beside a whole time.
  return { kind: 'literal', value: kind === 'date' ? text : { instant } };
}

/** `P1DT2H30M5.5S`: days and less, as months and years have no length (OData 4.0 part 3, `durationValue`). */
function duration(text: string): Duration {
  const parts = /^(-?)P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (parts === null) throw new FilterError(`"${text}" is no duration of days, hours, minutes and seconds.`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(2).map((part) => Number(part ?? 0));
  const durationMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return { durationMs: parts[1] === '-' ? -durationMs : durationMs };
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

function shape(text: string): Shape {
  const geometry = parseWkt(text);
  if (geometry === undefined) throw new FilterError('A geography is a POINT, a LINESTRING or a POLYGON.');
  return { geometry };
}
