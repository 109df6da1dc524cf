import { DAY_MS } from '../durations.ts';
import type { Names } from '../names.ts';

/** Why an operator does not let a new station through; its owner is told in these words. */
export const REFUSAL_REASONS = {
  'outside-area': {
    de: 'Der Ort liegt außerhalb des Gebiets dieser Instanz.',
    en: 'The place is outside the area of this instance.',
  },
  'place-unclear': {
    de: 'Der Ort auf der Karte kann nicht stimmen. Bitte setzen Sie die Markierung neu.',
    en: 'The place on the map cannot be right. Please set the pin again.',
  },
  'name-unsuitable': {
    de: 'Der Name eignet sich nicht für die Öffentlichkeit. Bitte wählen Sie einen anderen.',
    en: 'The name is not suitable for the public. Please choose another.',
  },
  double: { de: 'Diese Station ist hier schon angemeldet.', en: 'This station is registered here already.' },
  'not-ambient': {
    de: 'Der Standort ist für Außenluft nicht geeignet.',
    en: 'The site is not suitable for outdoor air.',
  },
  other: {
    de: 'Die Station passt nicht zu diesem Netz. Auskunft gibt der Betreiber.',
    en: 'The station does not fit this network. The operator can tell you more.',
  },
} as const satisfies Record<string, Names>;
/** A word of `REFUSAL_REASONS`. */
export type RefusalReason = keyof typeof REFUSAL_REASONS;

/** The words of `REFUSAL_REASONS`, for schemas. */
export const REFUSAL_WORDS = Object.keys(REFUSAL_REASONS) as [RefusalReason, ...RefusalReason[]];

/** A refusal. The station stays `pending`: its owner can mend what was wrong, and the operator may still let it through. */
export interface StationRefusal {
  reason: RefusalReason;
  /** Epoch ms. */
  at: number;
}

/** How long a refused station is kept before it is deleted, ms: 30 days to mend what was wrong. */
export const REFUSED_KEPT_MS = 30 * DAY_MS;
