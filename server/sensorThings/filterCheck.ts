import { isRejection, type Rejection, reject } from '../domain/reading.ts';
import { FUNCTIONS } from './filterFunctions.ts';
import { type Kind, kindOfPath, NAME_OF_KIND } from './filterKinds.ts';
import { type Expression, timeOf } from './filterParser.ts';
import type { TypeName } from './model.ts';

/** An expression and what it comes to. */
interface Typed {
  expression: Expression;
  kind: Kind;
}

type Node<K extends Expression['kind']> = Expression & { kind: K };

const ARITHMETIC: readonly string[] = ['add', 'sub', 'mul', 'div', 'mod'];
const ORDER: readonly string[] = ['gt', 'ge', 'lt', 'le'];
/** Kinds with an order of their own. */
const ORDERED: readonly Kind[] = ['number', 'text', 'time', 'day', 'clock', 'duration'];
/** What may come to anything when it is tried: a part of somebody's own properties, or null. */
const OPEN: readonly Kind[] = ['any', 'nothing'];
/** DE-9IM patterns (OGC 06-103r4, 6.1.15.2). */
const PATTERN = /^'[TF*012]{9}'$/;

/**
 * The filter with its quoted times read as times, once every part of it fits the others; a rejection says what does not, and
 * at which character. An empty answer to a question that cannot hold for any entity would be taken for "there is none".
 */
export function checkedFilter(filter: Expression, type: TypeName): Expression | Rejection {
  const typed = typedOf(filter, type);
  if (isRejection(typed)) return typed;
  if (typed.kind === 'condition' || OPEN.includes(typed.kind)) return typed.expression;
  return reject('unreadable', `The filter is ${told(typed)} and no condition: it lacks a comparison.`);
}

function typedOf(expression: Expression, type: TypeName): Typed | Rejection {
  switch (expression.kind) {
    case 'literal':
      return { expression, kind: expression.of };
    case 'path':
      return typedPath(expression, type);
    case 'not':
      return typedNot(expression, type);
    case 'call':
      return typedCall(expression, type);
    case 'binary':
      return typedBinary(expression, type);
  }
}

function typedPath(path: Node<'path'>, type: TypeName): Typed | Rejection {
  const kind = kindOfPath(path.steps, type);
  if (kind !== undefined) return { expression: path, kind };
  return reject('unreadable', `The filter knows no "${path.steps.join('/')}" here, as at character ${path.at}.`);
}

function typedNot(not: Node<'not'>, type: TypeName): Typed | Rejection {
  const operand = typedOf(not.operand, type);
  if (isRejection(operand)) return operand;
  if (!isCondition(operand)) return wrong(not.at, 'not', `takes a condition, not ${told(operand)}`);
  return { expression: { ...not, operand: operand.expression }, kind: 'condition' };
}

function typedBinary(binary: Node<'binary'>, type: TypeName): Typed | Rejection {
  const [left, right] = [typedOf(binary.left, type), typedOf(binary.right, type)];
  if (isRejection(left)) return left;
  if (isRejection(right)) return right;
  const { at, operator } = binary;
  if (operator === 'and' || operator === 'or') {
    const other = [left, right].find((side) => !isCondition(side));
    if (other !== undefined) return wrong(at, operator, `joins conditions, not ${told(other)}`);
    return rebuilt(binary, [left, right], 'condition');
  }
  if (ARITHMETIC.includes(operator)) {
    const kind = kindOfArithmetic(operator, left.kind, right.kind);
    if (kind === undefined) return wrong(at, operator, `cannot take ${told(left)} and ${told(right)}`);
    return rebuilt(binary, [left, right], kind);
  }
  const sides = [asBeside(left, right.kind), asBeside(right, left.kind)] as const;
  if (!isComparable(operator, sides[0].kind, sides[1].kind)) {
    return wrong(at, operator, `cannot compare ${told(left)} with ${told(right)}`);
  }
  return rebuilt(binary, sides, 'condition');
}

function typedCall(call: Node<'call'>, type: TypeName): Typed | Rejection {
  const { takes, least = takes.length, gives } = FUNCTIONS[call.name]!;
  const { length } = call.args;
  if (length < least || length > takes.length) {
    const count = least === takes.length ? String(least) : `${least} to ${takes.length}`;
    return wrong(call.at, call.name, `takes ${count} argument${count === '1' ? '' : 's'}, not ${length}`);
  }
  const args: Expression[] = [];
  for (const [index, given] of call.args.entries()) {
    const typed = typedOf(given, type);
    if (isRejection(typed)) return typed;
    const wanted = takes[index]!;
    const arg = asBeside(typed, wanted);
    const fits = arg.kind === wanted || OPEN.includes(arg.kind) || (wanted === 'time' && arg.kind === 'day');
    if (!fits) return wrong(call.at, call.name, `takes ${NAME_OF_KIND[wanted]}, not ${told(typed)}`);
    args.push(arg.expression);
  }
  return placeProblem(call.name, args, call.at) ?? { expression: { ...call, args }, kind: gives };
}

/** Our entities have only points: two lines, or a line and a polygon, are nothing that a filter on them could mean. */
function placeProblem(name: string, args: readonly Expression[], at: number): Rejection | undefined {
  const [one, other, pattern] = args;
  if (pattern?.kind === 'literal' && name === 'st_relate' && !PATTERN.test(pattern.text)) {
    return wrong(at, name, `takes a pattern of nine of T, F, *, 0, 1 and 2, not ${pattern.text}`);
  }
  const takesTwo = FUNCTIONS[name]?.takes[1] === 'place';
  return takesTwo && isLarge(one) && isLarge(other)
    ? wrong(at, name, 'takes a point as one of its two places')
    : undefined;
}

/** True for a line or a polygon that was written down. */
function isLarge(arg: Expression | undefined): boolean {
  const value = arg?.kind === 'literal' ? arg.value : null;
  return typeof value === 'object' && value !== null && 'geometry' in value && value.geometry.type !== 'point';
}

function rebuilt(binary: Node<'binary'>, [left, right]: readonly Typed[], kind: Kind): Typed {
  return { expression: { ...binary, left: left!.expression, right: right!.expression }, kind };
}

/** A quoted time beside a time is one, as some clients write it. */
function asBeside(typed: Typed, beside: Kind): Typed {
  const { expression, kind } = typed;
  const isTime = beside === 'time' || beside === 'day' || beside === 'clock';
  if (!isTime || kind !== 'text' || expression.kind !== 'literal') return typed;
  const time = timeOf(String(expression.value));
  return time === undefined ? typed : { expression: { ...expression, ...time }, kind: time.of };
}

function isCondition({ kind }: Typed): boolean {
  return kind === 'condition' || OPEN.includes(kind);
}

function isComparable(operator: string, left: Kind, right: Kind): boolean {
  if (OPEN.includes(left) || OPEN.includes(right)) return true;
  const isSame = left === right || [left, right].every((kind) => kind === 'time' || kind === 'day');
  return isSame && (ORDERED.includes(left) || (left === 'condition' && !ORDER.includes(operator)));
}

/** What comes of two kinds, as OData 4.0 part 3 has it for numbers, times and durations; undefined for nothing. */
function kindOfArithmetic(operator: string, left: Kind, right: Kind): Kind | undefined {
  if (OPEN.includes(left) || OPEN.includes(right)) return 'any';
  if (left === 'number' && right === 'number') return 'number';
  if (operator !== 'add' && operator !== 'sub') return undefined;
  const isTime = (kind: Kind) => kind === 'time' || kind === 'day';
  if (right === 'duration') return left === 'duration' ? 'duration' : isTime(left) ? 'time' : undefined;
  return operator === 'sub' && isTime(left) && isTime(right) ? 'duration' : undefined;
}

/** `a text (name)`: what is there, and how it was written where that is short. */
function told({ expression, kind }: Typed): string {
  const name = NAME_OF_KIND[kind];
  if (expression.kind === 'path') return `${name} (${expression.steps.join('/')})`;
  if (expression.kind === 'call') return `${name} (${expression.name})`;
  return expression.kind === 'literal' && kind !== 'nothing' ? `${name} (${expression.text.slice(0, 40)})` : name;
}

function wrong(at: number, word: string, problem: string): Rejection {
  return reject('unreadable', `"${word}" at character ${at} ${problem}.`);
}
