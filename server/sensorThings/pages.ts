import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Entity, TypeName } from './model.ts';
import { SensorThingsError } from './sensorThingsError.ts';

/** A set of entities: all of a type, or those an entity links to. */
export interface EntitySet {
  type: TypeName;
  /** Absent for all of the type. */
  of?: Entity;
}

/** A page of a set. */
export interface Page {
  entities: Entity[];
  /** How many there are in all, when it was asked. */
  count?: number;
  /** How many of the whole list lie before it; of a page of a list. */
  start?: number;
  /** Options of the next page that differ from this one's; absent on the last. */
  next?: Record<string, string>;
}

/** Values a whole request may read, its expansions and counts included; fewer where each costs more than reading it. */
export const REQUEST_VALUES = 1_000_000;
/** Values between two turns of the event loop: some milliseconds. Whatever else waits must not wait for one request. */
const VALUES_PER_TURN = 1_000;

/** What a request may still read. */
export interface ReadBudget {
  values: number;
}

/**
 * Takes one look at an entity off the budget, `cost` values' worth of it, and lets others have a turn now and then.
 * @throws SensorThingsError when nothing is left
 */
export async function spend(budget: ReadBudget, cost = 1): Promise<void> {
  const turn = Math.floor(budget.values / VALUES_PER_TURN);
  budget.values -= cost;
  if (budget.values < 0) {
    throw new SensorThingsError(
      501,
      'This asks to look at too much at once: filter by phenomenonTime, or with fewer conditions.',
    );
  }
  if (Math.floor(budget.values / VALUES_PER_TURN) !== turn) await nextTurn();
}

/** Where a page ended. */
export interface Mark {
  /** How many came up to there, it included: the way on if it is gone by then. */
  place: number;
  /** Id of its last entity. */
  last: string;
}

/** Options that lead on from there. By the entity, not by its number: one that comes in before it would else be pushed onto the next page. */
export function nextOf({ place, last }: Mark): Record<string, string> {
  return { $skiptoken: `${place}_${last}`, $skip: '0' };
}

/** Reads what `nextOf` wrote. @throws SensorThingsError 400 for anything else */
export function parseMark(token: string | undefined): Mark | undefined {
  if (token === undefined) return undefined;
  const [, place, last] = /^(\d{1,9})_(.+)$/.exec(token) ?? [];
  if (place === undefined || last === undefined) throw new SensorThingsError(400, '$skiptoken is not one of ours.');
  return { place: Number(place), last };
}

/** Where a list goes on behind the mark: without the marked one there is one less before. */
export function placeBehind(entities: readonly Entity[], { place, last }: Mark): number {
  const found = entities.findIndex(({ id }) => id === last);
  return found < 0 ? Math.max(0, place - 1) : found + 1;
}

/** What of a list makes the page. */
interface Cut {
  skip: number;
  top: number;
  count: boolean;
  /** Where the page before ended. */
  mark: Mark | undefined;
}

/** The page of a list of all that pass. */
export function cut(all: Entity[], { skip, top, count, mark }: Cut): Page {
  const start = skip + (mark === undefined ? 0 : placeBehind(all, mark));
  const entities = all.slice(start, start + top);
  const last = entities.at(-1);
  const isMore = last !== undefined && all.length > start + top;
  return {
    ...{ entities, start },
    ...(count && { count: all.length }),
    ...(isMore && { next: nextOf({ place: start + top, last: last.id }) }),
  };
}
