import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

/** This near to the window counts as seen: it is ready when the reader gets there. */
const NEAR_PX = 150;
/** What nobody scrolled to is made ready after this long anyway, ms, so that printing finds it. */
const PATIENCE_MS = 6_000;

/** True once the element is, or soon will be, in the window: costly parts wait for it. */
export function useSeen(element: RefObject<HTMLElement | null>): Signal<boolean> {
  const isSeen = useSignal(false);
  // Before the first paint, so that what is in view at once never flashes its placeholder.
  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect();
    if (box && box.top < innerHeight && box.bottom > 0) isSeen.value = true;
  }, [element, isSeen]);
  useEffect(() => {
    if (isSeen.peek() || !element.current) return undefined;
    const see = () => {
      isSeen.value = true;
    };
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && see(), {
      rootMargin: `${NEAR_PX}px`,
    });
    observer.observe(element.current);
    const timer = setTimeout(see, PATIENCE_MS);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [element, isSeen]);
  return isSeen;
}
