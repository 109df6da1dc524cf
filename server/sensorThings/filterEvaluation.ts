import type { Duration, Expression, Instant, Literal, Operator } from './filterParser.ts';
import { pathsOf } from './filterPaths.ts';
import { callGeometry, isGeometryCall } from './geometryCalls.ts';

/** What an expression comes to; `undefined` for a property that is not there. */
type Value = Literal | object | undefined;

/** The value of a property path, e.g. `['Thing', 'name']`. */
export type PathReader = (steps: readonly string[]) => unknown;

/** True when the entity behind `read` passes the filter. A comparison with a missing value is false. `now`: epoch ms. */
export function passes(filter: Expression, read: PathReader, now: number): boolean {
  return evaluate(filter, read, now) === true;
}

/**
 * The times a filter can hold for, `[from, to)` epoch ms, as far as its `and` parts say; everything where they say nothing.
 * `names`: properties that are the time; `now`: epoch ms.
 */
export function timeBounds(
  filter: Expression | undefined,
  names: readonly string[],
  now: number,
): { from: number; to: number } {
  const bounds = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  if (filter?.kind !== 'binary') return bounds;
  const { operator, left, right } = filter;
  if (operator === 'and') {
    const [one, other] = [timeBounds(left, names, now), timeBounds(right, names, now)];
    return { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
  }
  const at = pathsOf(right).length === 0 ? instantOf(evaluate(right, () => undefined, now)) : undefined;
  if (left.kind !== 'path' || !names.includes(left.steps.join('/')) || at === undefined) return bounds;
  if (operator === 'gt') return { ...bounds, from: at + 1 };
  if (operator === 'ge') return { ...bounds, from: at };
  if (operator === 'lt') return { ...bounds, to: at };
  if (operator === 'le') return { ...bounds, to: at + 1 };
  return operator === 'eq' ? { from: at, to: at + 1 } : bounds;
}

/** Order of two property values: numbers, times and text among themselves, objects as their JSON, missing ones last. */
export function compareValues(one: unknown, other: unknown): number {
  if (one === undefined || one === null) return other === undefined || other === null ? 0 : 1;
  if (other === undefined || other === null) return -1;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [a, b] = [one, other].map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))) as [
    string,
    string,
  ];
  return a < b ? -1 : a > b ? 1 : 0;
}

function evaluate(expression: Expression, read: PathReader, now: number): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return read(expression.steps) as Value;
    case 'not':
      return evaluate(expression.operand, read, now) !== true;
    case 'call':
      return call(
        expression.name,
        expression.args.map((each) => evaluate(each, read, now)),
        now,
      );
    case 'binary': {
      const left = evaluate(expression.left, read, now);
      if (expression.operator === 'and' && left !== true) return false;
      if (expression.operator === 'or' && left === true) return true;
      return binary(expression.operator, left, evaluate(expression.right, read, now));
    }
  }
}

function binary(operator: Operator, left: Value, right: Value): Value {
  switch (operator) {
    case 'and':
    case 'or':
      return right === true;
    case 'eq':
      return isEqual(left, right);
    case 'ne':
      return !isEqual(left, right);
    case 'gt':
      return order(left, right, LATER) > 0;
    case 'ge':
      return order(left, right, LATER) >= 0;
    case 'lt':
      return order(left, right, EARLIER) < 0;
    case 'le':
      return order(left, right, EARLIER) <= 0;
    default:
      if (typeof left === 'number' && typeof right === 'number') return arithmetic(operator, left, right);
      return operator === 'add' || operator === 'sub' ? timeArithmetic(operator, left, right) : undefined;
  }
}

function arithmetic(operator: 'add' | 'sub' | 'mul' | 'div' | 'mod', left: number, right: number): number {
  switch (operator) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
      return left / right;
    case 'mod':
      return left % right;
  }
}

/** A time and a length of time, two lengths, or the length between two times. */
function timeArithmetic(operator: 'add' | 'sub', left: Value, right: Value): Instant | Duration | undefined {
  if (isDuration(left) && isDuration(right)) {
    const durationMs = arithmetic(operator, left.durationMs, right.durationMs);
    return isTime(durationMs) ? { durationMs } : undefined;
  }
  const at = instantOf(left);
  if (at === undefined) return undefined;
  if (isDuration(right)) {
    const instant = arithmetic(operator, at, right.durationMs);
    return isTime(instant) ? { instant } : undefined;
  }
  const other = operator === 'sub' ? instantOf(right) : undefined;
  return other === undefined ? undefined : { durationMs: at - other };
}

/** Farthest time from 1970 there is, ms (ECMAScript, "Time Values and Time Range"). */
const MAX_TIME_MS = 8_640_000_000_000_000;

function isTime(ms: number): boolean {
  return Math.abs(ms) <= MAX_TIME_MS;
}

function isEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) return (left ?? null) === (right ?? null);
  return order(left, right, { left: 'start', right: 'start' }) === 0;
}

type End = 'start' | 'end';
/** By which end intervals on either side are compared: all of the one is later, or earlier, than all of the other. */
interface Ends {
  left: End;
  right: End;
}
const LATER: Ends = { left: 'start', right: 'end' };
const EARLIER: Ends = { left: 'end', right: 'start' };

/** Negative, 0 or positive; NaN, which no comparison passes, for what cannot be compared. */
function order(left: Value, right: Value, ends: Ends): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (isDuration(left) && isDuration(right)) return left.durationMs - right.durationMs;
  if (isInstant(left) || isInstant(right) || isDay(left) !== isDay(right)) {
    const [a, b] = [instantOf(left, ends.left), instantOf(right, ends.right)];
    return a === undefined || b === undefined ? Number.NaN : a - b;
  }
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return Number.NaN;
}

/** A day as text, beside which a whole time counts as a time; two days are compared as they are. */
function isDay(value: Value): boolean {
  return typeof value === 'string' && DAY.test(value);
}

const DAY = /^\d{4}-\d\d-\d\d$/;

function isInstant(value: Value): value is Instant {
  return typeof value === 'object' && value !== null && 'instant' in value;
}

function isDuration(value: Value): value is Duration {
  return typeof value === 'object' && value !== null && 'durationMs' in value;
}

/** Epoch ms of a time or of text that is one; of `a/b` the end that was asked for. */
function instantOf(value: Value, end: End = 'start'): number | undefined {
  if (isInstant(value)) return value.instant;
  if (typeof value !== 'string') return undefined;
  const [start = '', last = start] = value.split('/');
  const at = Date.parse(end === 'start' ? start : last);
  return Number.isNaN(at) ? undefined : at;
}

function call(name: string, args: Value[], now: number): Value {
  const [first, second, third] = args;
  if (name === 'now') return { instant: now };
  if (name === 'mindatetime') return { instant: -MAX_TIME_MS };
  if (name === 'maxdatetime') return { instant: MAX_TIME_MS };
  if (isGeometryCall(name)) return callGeometry(name, args);
  if (typeof first === 'number') return ofNumber(name, first);
  const at = instantOf(first);
  if (Object.hasOwn(TIME_PARTS, name)) return at === undefined ? undefined : TIME_PARTS[name]?.(new Date(at));
  if (typeof first !== 'string') return undefined;
  if (name !== 'substring') return ofText(name, first, second);
  const end = third === undefined ? undefined : Number(second) + Number(third);
  return typeof second === 'number' ? first.slice(second, end) : undefined;
}

const TIME_PARTS: Readonly<Record<string, (time: Date) => number | string>> = {
  year: (time) => time.getUTCFullYear(),
  month: (time) => time.getUTCMonth() + 1,
  day: (time) => time.getUTCDate(),
  hour: (time) => time.getUTCHours(),
  minute: (time) => time.getUTCMinutes(),
  second: (time) => time.getUTCSeconds(),
  fractionalseconds: (time) => time.getUTCMilliseconds() / 1000,
  date: (time) => time.toISOString().slice(0, 10),
  time: (time) => time.toISOString().slice(11, 23),
  // Every time here is UTC.
  totaloffsetminutes: () => 0,
};

function ofNumber(name: string, value: number): Value {
  // Halves away from zero (OData 4.0 part 2, 5.1.1.4.18).
  if (name === 'round') return Math.sign(value) * Math.round(Math.abs(value));
  if (name === 'floor') return Math.floor(value);
  return name === 'ceiling' ? Math.ceil(value) : undefined;
}

function ofText(name: string, text: string, second: Value): Value {
  if (name === 'length') return text.length;
  if (name === 'tolower') return text.toLowerCase();
  if (name === 'toupper') return text.toUpperCase();
  if (name === 'trim') return text.trim();
  if (typeof second !== 'string') return undefined;
  if (name === 'substringof') return second.includes(text);
  if (name === 'contains') return text.includes(second);
  if (name === 'startswith') return text.startsWith(second);
  if (name === 'endswith') return text.endsWith(second);
  if (name === 'indexof') return text.indexOf(second);
  return name === 'concat' ? text + second : undefined;
}
