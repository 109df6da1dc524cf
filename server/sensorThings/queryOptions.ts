import { isRejection, type Rejection, reject } from '../domain/reading.ts';
import { checkedFilter } from './filterCheck.ts';
import { kindOfPath } from './filterKinds.ts';
import { type Expression, parseFilter } from './filterParser.ts';
import { TYPES, type TypeName } from './model.ts';

/** What a request asks of a set or an entity. */
export interface QueryOptions {
  filter?: Expression;
  orderBy: { steps: string[]; isDescending: boolean }[];
  top?: number;
  skip: number;
  count: boolean;
  /** Names to show; all of them when absent. */
  select?: string[];
  expand: Expansion[];
  /** Where a page of Observations goes on. */
  skipToken?: string;
  /** As they were asked for, to be repeated in links. */
  given: Readonly<Record<string, string>>;
}

/** A link to be shown with its entities. */
export interface Expansion {
  link: string;
  options: QueryOptions;
}

/** Entities on a page when nothing is asked. */
export const DEFAULT_TOP = 100;
/** Entities on a page at most. */
const MAX_TOP = 1_000;
const MAX_DEPTH = 4;
/** More than any type has properties. */
const MAX_ORDERS = 16;
const OPTIONS = ['$filter', '$orderby', '$top', '$skip', '$count', '$select', '$expand', '$skiptoken'];

/** Reads the options of a request on `type`; a rejection names the one that cannot be. */
export function parseOptions(
  given: Readonly<Record<string, unknown>>,
  type: TypeName,
  depth = 0,
): QueryOptions | Rejection {
  if (depth > MAX_DEPTH) return reject('unreadable', `$expand goes deeper than ${MAX_DEPTH} levels.`);
  const unknown = Object.keys(given).find((name) => name.startsWith('$') && !OPTIONS.includes(name));
  if (unknown !== undefined) return reject('unreadable', `${unknown} is not supported.`);
  // Two of a kind are no text: neither could be obeyed without the other being passed over.
  const repeated = OPTIONS.find((name) => given[name] !== undefined && typeof given[name] !== 'string');
  if (repeated !== undefined) return reject('unreadable', `${repeated} is there more than once.`);
  const empty = OPTIONS.find((name) => given[name] === '');
  if (empty !== undefined) return reject('unreadable', `${empty} says nothing.`);
  const text = (name: string) => (typeof given[name] === 'string' ? (given[name] as string) : undefined);
  const numbers = [readNumber(text('$top'), '$top'), readNumber(text('$skip'), '$skip')] as const;
  const [top, skip] = numbers;
  const count = text('$count') ?? 'false';
  const filter = readFilter(text('$filter'), type);
  const orderBy = readOrder(text('$orderby'), type);
  const select = readSelect(text('$select'), type);
  const expand = readExpand(text('$expand'), type, depth);
  if (!['true', 'false'].includes(count)) return reject('unreadable', '$count is true or false.');
  for (const part of [top, skip, filter, orderBy, select, expand]) if (isRejection(part)) return part;
  return {
    orderBy: orderBy as QueryOptions['orderBy'],
    skip: (skip as number | undefined) ?? 0,
    count: count === 'true',
    given: Object.fromEntries(OPTIONS.flatMap((name) => (text(name) === undefined ? [] : [[name, text(name)!]]))),
    expand: expand as Expansion[],
    ...(top !== undefined && { top: Math.min(top as number, MAX_TOP) }),
    ...(filter !== undefined && { filter: filter as Expression }),
    ...(select !== undefined && { select: select as string[] }),
    ...(text('$skiptoken') !== undefined && { skipToken: text('$skiptoken')! }),
  };
}

function readNumber(text: string | undefined, name: string): number | undefined | Rejection {
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : reject('unreadable', `${name} is a whole number from 0.`);
}

function readFilter(text: string | undefined, type: TypeName): Expression | undefined | Rejection {
  const filter = text === undefined ? undefined : parseFilter(text);
  return filter === undefined || isRejection(filter) ? filter : checkedFilter(filter, type);
}

function readOrder(text: string | undefined, type: TypeName): QueryOptions['orderBy'] | Rejection {
  const order: QueryOptions['orderBy'] = [];
  const parts = splitOutside(text ?? '', ',');
  if (parts.length > MAX_ORDERS) return reject('unreadable', `$orderby takes at most ${MAX_ORDERS} properties.`);
  for (const part of parts) {
    const [path = '', direction = 'asc', ...more] = part.trim().split(/\s+/);
    const steps = path.split('/');
    if (kindOfPath(steps, type) === undefined || more.length > 0 || !['asc', 'desc'].includes(direction)) {
      return reject('unreadable', `$orderby cannot order by "${part.trim()}".`);
    }
    order.push({ steps, isDescending: direction === 'desc' });
  }
  return order;
}

function readSelect(text: string | undefined, type: TypeName): string[] | undefined | Rejection {
  if (text === undefined) return undefined;
  const names = splitOutside(text, ',').map((name) => name.trim());
  const wrong = names.find((name) => !isName(name, type));
  return wrong === undefined ? names : reject('unreadable', `$select knows no "${wrong}" here.`);
}

function isName(name: string, type: TypeName): boolean {
  const { properties, links } = TYPES[type];
  return name === 'id' || name === '@iot.id' || properties.includes(name) || Object.hasOwn(links, name);
}

/** `Datastreams($top=1;$expand=Sensor),Locations` or `Datastreams/Sensor`. */
function readExpand(text: string | undefined, type: TypeName, depth: number): Expansion[] | Rejection {
  const givenByLink = new Map<string, Record<string, string>>();
  for (const part of splitOutside(text ?? '', ',')) {
    const problem = readExpansion(part.trim(), type, givenByLink);
    if (problem !== undefined) return problem;
  }
  const expansions: Expansion[] = [];
  for (const [link, given] of givenByLink) {
    const options = parseOptions(given, TYPES[type].links[link]!.to, depth + 1);
    if (isRejection(options)) return options;
    expansions.push({ link, options });
  }
  return expansions;
}

/** Adds a part of `$expand` to what is given for its link. */
function readExpansion(
  part: string,
  type: TypeName,
  givenByLink: Map<string, Record<string, string>>,
): Rejection | undefined {
  const [, name = '', rest, inner] = /^(\w+)(?:\/(.+)|\((.*)\))?$/s.exec(part) ?? [];
  if (!Object.hasOwn(TYPES[type].links, name)) return reject('unreadable', `$expand knows no "${part}" here.`);
  const given = givenByLink.get(name) ?? {};
  givenByLink.set(name, given);
  if (rest !== undefined) expandFurther(given, rest);
  for (const text of splitOutside(inner ?? '', ';')) {
    const at = text.indexOf('=');
    const [option, value] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1)];
    if (at < 0) return reject('unreadable', `$expand cannot read "${text}".`);
    if (option === '$expand') expandFurther(given, value);
    else if ((given[option] ?? value) !== value) return reject('unreadable', `$expand has two ${option} for ${name}.`);
    else given[option] = value;
  }
  return undefined;
}

/** `Datastreams/Sensor,Datastreams/ObservedProperty` expands one link, and of it two. */
function expandFurther(given: Record<string, string>, more: string): void {
  given.$expand = given.$expand === undefined ? more : `${given.$expand},${more}`;
}

/** Splits at a mark that is in no parentheses and no quotes; no parts for an empty text. */
function splitOutside(text: string, mark: string): string[] {
  const parts: string[] = [];
  let [depth, isQuoted, from] = [0, false, 0];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "'") isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === mark && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return text === '' ? [] : [...parts, text.slice(from)];
}
