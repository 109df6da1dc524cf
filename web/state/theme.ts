import { effect, type Signal, signal } from '@preact/signals';

/** The reader's choice; `system` follows the operating system. */
export const THEMES = ['system', 'light', 'dark'] as const;
/** One of `THEMES`. */
export type Theme = (typeof THEMES)[number];

const KEY = 'theme';

/** The chosen theme and the one in force. */
export interface ThemeState {
  chosen: Signal<Theme>;
  inForce: Signal<'light' | 'dark'>;
}

/** Follows the stored choice and the system, and writes the choice to `<html data-theme>` and the storage. */
export function createTheme(page: Document, storage: Storage | undefined, dark: MediaQueryList): ThemeState {
  const stored = readStored(storage);
  const chosen = signal<Theme>(THEMES.find((theme) => theme === stored) ?? 'system');
  const system = signal<'light' | 'dark'>(dark.matches ? 'dark' : 'light');
  const inForce = signal<'light' | 'dark'>(system.peek());
  dark.addEventListener('change', () => {
    system.value = dark.matches ? 'dark' : 'light';
  });
  effect(() => {
    const theme = chosen.value;
    if (theme === 'system') delete page.documentElement.dataset.theme;
    else page.documentElement.dataset.theme = theme;
    writeStored(storage, theme);
    inForce.value = theme === 'system' ? system.value : theme;
  });
  return { chosen, inForce };
}

/** The page's storage; undefined where the browser forbids it, as in private windows of some. */
export function openStorage(view: Window): Storage | undefined {
  try {
    return view.localStorage;
  } catch (error) {
    // Reading the property itself throws SecurityError when storage is blocked; the choice then lasts for this page.
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

function readStored(storage: Storage | undefined): string | undefined {
  return storage?.getItem(KEY) ?? undefined;
}

function writeStored(storage: Storage | undefined, theme: Theme): void {
  if (theme === 'system') storage?.removeItem(KEY);
  else storage?.setItem(KEY, theme);
}
