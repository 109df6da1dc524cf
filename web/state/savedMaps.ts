import type { MapState } from '../../server/domain/contract.ts';
import type { Layer } from '../liveConnection.ts';

const DATABASE = 'buergerluft';
const STORE = 'maps';

/** The last state of each layer, kept in the browser for visits without a network. */
export interface SavedMaps {
  load(layer: Layer): Promise<MapState | undefined>;
  save(state: MapState): Promise<void>;
}

/**
 * Saved layers in IndexedDB, which unlike caches for service workers is there without HTTPS too. Where the browser has
 * none or refuses (private windows of some), nothing is kept: `load` gives undefined.
 */
export function openSavedMaps(factory: IDBFactory | undefined): SavedMaps {
  let database: Promise<IDBDatabase | undefined> | undefined;
  const open = () => {
    database ??= factory ? openDatabase(factory) : Promise.resolve(undefined);
    return database;
  };
  return {
    async load(layer) {
      const stored = await open();
      return stored && request<MapState | undefined>(stored.transaction(STORE).objectStore(STORE).get(keyOf(layer)));
    },
    async save(state) {
      const stored = await open();
      if (stored) await request(stored.transaction(STORE, 'readwrite').objectStore(STORE).put(state, keyOf(state)));
    },
  };
}

function keyOf({ quantity, average }: Layer): string {
  return `${quantity} ${average}`;
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    const opening = factory.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => resolve(undefined);
    opening.onblocked = () => resolve(undefined);
  });
}

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('IndexedDB gave no reason'));
  });
}
