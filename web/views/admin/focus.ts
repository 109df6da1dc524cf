import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** True when what had the focus is gone or may not be used: without help the reader would begin anew at the page's top. */
export function isFocusLost(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body;
}

/** Puts the focus on an element; the page moves there for the keyboard only, not under somebody's mouse. */
export function leadTo(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
  const isKeyboard = CSS.supports('selector(:focus-visible)') && element?.matches(':focus-visible') === true;
  if (isKeyboard) element.scrollIntoView({ block: 'nearest' });
}

/** For an element that takes the focus when it appears, if `isWanted` then. */
export function useFirstFocus<Kind extends HTMLElement>(isWanted: boolean): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    if (isWanted) element.current?.focus();
    // Only when it appears: later the focus is the reader's.
  }, []);
  return element;
}
