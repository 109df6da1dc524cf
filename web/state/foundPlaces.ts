import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { loadJson } from './loadJson.ts';

/** A pause in typing after which the server is asked, ms. */
const PAUSE_MS = 150;
const MIN_LETTERS = 2;

/** A place of the operator's file. */
export interface FoundPlace {
  name: string;
  kind: 'place' | 'postcode' | 'street' | 'other';
  lat: number;
  lon: number;
  context?: string;
  postcode?: string;
}

/**
 * What the server found for what is typed, asked when typing pauses; undefined while it has not answered that, and where
 * the instance has no places (`isOffered`).
 */
export function useFoundPlaces(query: Signal<string>, isOffered = true): FoundPlace[] | undefined {
  const last = useSignal<{ asked: string; found: FoundPlace[] } | undefined>(undefined);
  const text = query.value.trim();
  const isAsked = isOffered && text.length >= MIN_LETTERS;
  useEffect(() => {
    if (!isAsked) return undefined;
    const timer = setTimeout(async () => {
      const found = await findPlaces(text);
      if (found === undefined || query.peek().trim() !== text) return;
      last.value = { asked: text, found };
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, isAsked, query, last]);
  return isAsked && last.value?.asked === text ? last.value.found : undefined;
}

/** Postcode and town of a place, what tells it from others of its name; empty where nothing is known. */
export function whereabouts({ name, postcode, context }: FoundPlace): string {
  return [postcode !== name && postcode, context].filter(Boolean).join(' ');
}

async function findPlaces(text: string): Promise<FoundPlace[] | undefined> {
  try {
    const answer = (await loadJson(`/api/v1/places?q=${encodeURIComponent(text)}`)) as { places: FoundPlace[] };
    return answer.places;
  } catch (error) {
    // Map and coordinates still work; the next letter asks again.
    console.warn('The search for places failed', error);
    return undefined;
  }
}
