import { ARROWS, nearest, nextInDirection } from './hitTest.ts';
import type { MapItem, PlacedItem } from './mapItems.ts';

/** What the keys move; the map itself. */
export interface KeyTarget {
  /** Everything on the canvas, and the canvas point in the middle of the view. */
  items(): PlacedItem[];
  middle(): { x: number; y: number };
  /** Brings an item into view, marks it and says it. */
  show(item: PlacedItem): void;
  /** There is no item that way. */
  showNone(): void;
  open(item: MapItem): void;
  /** Moves the map by screen directions, -1 to 1. */
  pan(x: number, y: number): void;
  zoom(steps: number): void;
  /** Closes what is open. */
  dismiss(): void;
}

/** Keys on the map: arrows from item to item, Enter opens, with Shift they move the map, plus and minus zoom. */
export class MapKeyboard {
  readonly #target: KeyTarget;
  #focused: MapItem | undefined;

  constructor(target: KeyTarget) {
    this.#target = target;
  }

  /** The item the arrows stand on. */
  get focused(): MapItem | undefined {
    return this.#focused;
  }

  /** Puts the arrows onto an item, after a click. */
  focus(item: MapItem | undefined): void {
    this.#focused = item;
  }

  /** True when the key meant something here. */
  handle({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): boolean {
    const direction = ARROWS[key];
    if (direction && shiftKey) this.#target.pan(direction[0], direction[1]);
    else if (direction) this.#rove(key);
    else if (key === 'Enter' && this.#focused) this.#target.open(this.#focused);
    else if (key === '+' || key === '=') this.#target.zoom(1);
    else if (key === '-') this.#target.zoom(-1);
    else if (key === 'Escape') this.#target.dismiss();
    else return false;
    return true;
  }

  /** To the next item that way; the first key takes the one nearest to the middle. */
  #rove(arrow: string): void {
    const placed = this.#target.items();
    const focusedId = this.#focused && itemId(this.#focused);
    const from = placed.find(({ id }) => id === focusedId);
    const next = from
      ? nextInDirection(placed, from, arrow)
      : nearest(placed, this.#target.middle(), Number.POSITIVE_INFINITY);
    if (!next) {
      this.#target.showNone();
      return;
    }
    this.#focused = next.item;
    this.#target.show(next);
  }
}

function itemId(item: MapItem): string {
  return item.kind === 'station' ? item.station.id : item.cell.id;
}
