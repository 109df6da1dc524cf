import type { MapState } from '../../server/domain/contract.ts';
import { loadJson } from './loadJson.ts';
import { findByName } from './search.ts';

/** A station as it is offered: by its name, with the id where two have one name. */
interface Offer {
  id: string;
  name: string;
}

/** Every layer of the map names all public stations; this one is mostly at hand already. */
const NAMES_URL = '/api/v1/map?quantity=pm25&average=24h';

/**
 * Turns the field of a form that takes ids of stations (`[data-picker]`) into one that takes names: the chosen ones
 * stand below, each with a button that takes it away, and the form sends their ids as before. Without a script, or when
 * the names cannot be had, the field takes ids. An area and stations exclude each other: `area` is the form's other field.
 */
export function pickStationsByName(page: Document): void {
  const field = page.querySelector<HTMLInputElement>('input[data-picker]');
  if (field?.form) new StationPicker(page, field, field.form).open();
}

class StationPicker {
  readonly #page: Document;
  readonly #field: HTMLInputElement;
  readonly #form: HTMLFormElement;
  readonly #sent: HTMLInputElement;
  readonly #list: HTMLDataListElement;
  readonly #chosen: HTMLUListElement;
  /** What the field says where it takes ids. */
  readonly #idsHint: string;
  #offers: Offer[] | undefined;
  #ids: string[] = [];

  constructor(page: Document, field: HTMLInputElement, form: HTMLFormElement) {
    this.#page = page;
    this.#field = field;
    this.#form = form;
    this.#sent = page.createElement('input');
    this.#list = page.createElement('datalist');
    this.#chosen = page.createElement('ul');
    this.#idsHint = field.placeholder;
  }

  open(): void {
    const field = this.#field;
    this.#sent.type = 'hidden';
    this.#sent.name = field.name;
    this.#list.id = `${field.id}-names`;
    this.#chosen.className = 'report-chosen';
    this.#ids = idsIn(field.value);
    field.placeholder = field.dataset.picker ?? '';
    field.addEventListener('focus', () => void this.#load());
    if (this.#ids.length > 0) void this.#load();
  }

  /** The field changes once there are names to offer; until then it takes ids. */
  async #load(): Promise<void> {
    if (this.#offers !== undefined) return;
    this.#offers = [];
    try {
      this.#offers = offersOf((await loadJson(NAMES_URL)) as MapState, this.#field.dataset.official !== undefined);
    } catch {
      this.#offers = undefined;
      this.#field.placeholder = this.#idsHint;
      return;
    }
    // What someone typed while the names were on their way is part of a name; what came with the page are ids.
    const typed = this.#field.value === this.#field.defaultValue ? '' : this.#field.value;
    this.#becomePicker();
    this.#field.value = typed;
    if (typed !== '') this.#offer();
  }

  #becomePicker(): void {
    const field = this.#field;
    field.removeAttribute('name');
    field.value = '';
    field.placeholder = field.dataset.picker ?? '';
    field.setAttribute('list', this.#list.id);
    field.after(this.#sent, this.#list, this.#chosen);
    field.addEventListener('input', () => this.#offer());
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || field.value.trim() === '') return;
      event.preventDefault();
      this.#chooseFirst();
    });
    this.#form.addEventListener('submit', () => this.#chooseFirst());
    this.#area?.addEventListener('change', () => {
      if (this.#area?.value !== '') this.#keep([]);
    });
    this.#keep(this.#ids);
  }

  get #area(): HTMLSelectElement | null {
    return this.#form.querySelector<HTMLSelectElement>('select[name="area"]');
  }

  /** What fits the text so far; a text that is one of the names is a choice. */
  #offer(): void {
    const text = this.#field.value;
    const exact = this.#offers?.find(({ name }) => name === text);
    if (exact !== undefined) {
      this.#choose(exact.id);
      return;
    }
    this.#list.replaceChildren(
      ...this.#found().map(({ name }) => {
        const option = this.#page.createElement('option');
        option.value = name;
        return option;
      }),
    );
  }

  #found(): Offer[] {
    return findByName(this.#offers ?? [], this.#field.value);
  }

  /** The best of what fits; a text that fits none may be ids. */
  #chooseFirst(): void {
    const text = this.#field.value;
    const [first] = this.#found();
    if (first !== undefined) this.#choose(first.id);
    else if (text.trim() !== '') this.#choose(...idsIn(text));
  }

  #choose(...ids: readonly string[]): void {
    this.#field.value = '';
    this.#list.replaceChildren();
    if (this.#area !== null) this.#area.value = '';
    this.#keep([...new Set([...this.#ids, ...ids])]);
  }

  #keep(ids: string[]): void {
    this.#ids = ids;
    this.#sent.value = ids.join(',');
    this.#sent.disabled = ids.length === 0;
    this.#chosen.replaceChildren(...ids.map((id) => this.#item(id)));
  }

  #item(id: string): HTMLLIElement {
    const name = this.#offers?.find((offer) => offer.id === id)?.name ?? id;
    const item = this.#page.createElement('li');
    const remove = this.#page.createElement('button');
    remove.type = 'button';
    remove.textContent = '×';
    remove.setAttribute('aria-label', `${this.#field.dataset.remove ?? ''}: ${name}`);
    remove.onclick = () => {
      this.#keep(this.#ids.filter((other) => other !== id));
      this.#field.focus();
    };
    item.append(name, remove);
    return item;
  }
}

function idsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Names to choose from; reports are about citizens' stations, comparisons also about official ones. */
function offersOf({ id: ids, name: names, kind }: MapState, hasOfficial: boolean): Offer[] {
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return ids.flatMap((id, i) => {
    const name = names[i] ?? id;
    const isOffered = hasOfficial || kind[i] !== 'reference';
    return !isOffered ? [] : [{ id, name: count.get(name) === 1 ? name : `${name} (${id})` }];
  });
}
