import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Messages } from '../i18n/messages.ts';

/** A field with a list of what was found, after the ARIA authoring practices. */
export interface Combobox {
  /** What is typed. */
  query: Signal<string>;
  isOpen: Signal<boolean>;
  /** Which option the keys are at; the field keeps the focus and names it. */
  active: Signal<number>;
}

/** An empty one, its list closed. */
export function useCombobox(): Combobox {
  return { query: useSignal(''), isOpen: useSignal(false), active: useSignal(0) };
}

/** Opens the list on an arrow key and goes to the option before or after, round and round. True for such a key. */
export function moveOnArrow({ isOpen, active }: Combobox, event: KeyboardEvent, count: number): boolean {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
  isOpen.value = true;
  active.value = count === 0 ? 0 : (active.value + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
  event.preventDefault();
  return true;
}

interface FieldProps {
  box: Combobox;
  /** Begins the ids and classes of the list and its options. */
  name: string;
  /** Options that are shown; 0 while the list is closed. */
  count: number;
  id?: string;
  class?: string;
  'aria-label'?: string;
  placeholder?: string;
  onType?: () => void;
  onFocus?: (event: { currentTarget: HTMLInputElement }) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** Where one types. */
export function ComboboxField({ box, name, count, onType, ...more }: FieldProps) {
  const active = box.active.value;
  return (
    <input
      {...more}
      type="text"
      role="combobox"
      aria-expanded={count > 0}
      aria-controls={`${name}-results`}
      aria-autocomplete="list"
      aria-activedescendant={active < count ? `${name}-${active}` : undefined}
      autocomplete="off"
      spellcheck={false}
      value={box.query}
      onInput={({ currentTarget }) => {
        box.query.value = currentTarget.value;
        box.isOpen.value = true;
        onType?.();
      }}
      onBlur={() => {
        box.isOpen.value = false;
      }}
    />
  );
}

interface ListProps {
  name: string;
  label: string;
  isHidden: boolean;
  children: ComponentChildren;
}

/** What was found. */
export function ComboboxList({ name, label, isHidden, children }: ListProps) {
  return (
    <div class={`${name}-results`} id={`${name}-results`} role="listbox" aria-label={label} hidden={isHidden}>
      {children}
    </div>
  );
}

interface OptionProps {
  id: string;
  isActive: boolean;
  onChoose: () => void;
  children: ComponentChildren;
}

/** One of the list. The field takes the keys, this only the pointer. */
export function ComboboxOption({ id, isActive, onChoose, children }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      class={isActive ? 'is-active' : undefined}
      onPointerDown={(event) => {
        // Else the field would lose the focus and close the list.
        event.preventDefault();
        onChoose();
      }}
    >
      {children}
    </div>
  );
}

interface StatusProps {
  t: Pick<Messages, 'searchResults'>;
  /** Undefined while nothing is listed. */
  count: number | undefined;
  class: string;
  /** What to say where nothing was found. */
  children: ComponentChildren;
}

/** How many there are, for those who do not see the list; that there are none, for everybody. */
export function ComboboxStatus({ t, count, class: className, children }: StatusProps) {
  return (
    <>
      {count === 0 && <p class={className}>{children}</p>}
      <p class="visually-hidden" role="status">
        {count === 0 ? children : count && t.searchResults(count)}
      </p>
    </>
  );
}
