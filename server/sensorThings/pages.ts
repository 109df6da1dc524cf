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

/** The page of a list of all that pass. */
export function cut(all: Entity[], { skip, top, count }: { skip: number; top: number; count: boolean }): Page {
  return {
    entities: all.slice(skip, skip + top),
    ...(count && { count: all.length }),
    ...(all.length > skip + top && top > 0 && { next: { $skip: String(skip + top) } }),
  };
}
