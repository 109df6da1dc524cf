import type { Names } from './names.ts';
import type { SourceKey } from './sourceTable.ts';

/**
 * How well an entry of a table is founded. `verified`: read in `count` separately kept sources; `computed`: from a
 * rule that is itself verified; `derived`: follows from verified text by a stated step; `memory`: found in no source
 * that could be opened; `proposal`: a choice of this project, not a published fact.
 */
export type Verification =
  | { kind: 'verified'; count: number }
  | { kind: 'computed' }
  | { kind: 'derived' }
  | { kind: 'memory' }
  | { kind: 'proposal' };

/** Where an entry comes from. Carried by every entry of every table. */
export interface Sourced {
  sources: readonly SourceKey[];
  verification: Verification;
  /**
   * True when nobody has read the figure in its primary text or in sources enough: always shown with
   * `unconfirmedMark`.
   */
  isUnconfirmed: boolean;
}

/** Read in the sources named. */
export function verifiedIn(...sources: SourceKey[]): Sourced {
  return { sources, verification: { kind: 'verified', count: sources.length }, isUnconfirmed: false };
}

/** Read in one transcription that asks to be checked against the original before it is shown. */
export function transcribedOnlyIn(source: SourceKey): Sourced {
  return { sources: [source], verification: { kind: 'verified', count: 1 }, isUnconfirmed: true };
}

/** Follows from the source by a step that the entry states. */
export function derivedFrom(...sources: SourceKey[]): Sourced {
  return { sources, verification: { kind: 'derived' }, isUnconfirmed: false };
}

/** Found in no source that could be opened. */
export const FROM_MEMORY: Sourced = { sources: ['memory'], verification: { kind: 'memory' }, isUnconfirmed: true };

/** Our own choice; `sources` are what it leans on. */
export function ownChoice(...sources: SourceKey[]): Sourced {
  return { sources: ['project', ...sources], verification: { kind: 'proposal' }, isUnconfirmed: false };
}

/** The word beside an unconfirmed entry wherever it is shown; undefined for the others. */
export function unconfirmedMark(entry: Pick<Sourced, 'isUnconfirmed'>): Names | undefined {
  return entry.isUnconfirmed ? { de: 'unbestätigt', en: 'unconfirmed' } : undefined;
}

/** `text` followed by the mark in brackets when the entry is unconfirmed: the one way to show a figure of a table. */
export function withMark(text: Names, entry: Pick<Sourced, 'isUnconfirmed'>): Names {
  const mark = unconfirmedMark(entry);
  return mark === undefined ? text : { de: `${text.de} (${mark.de})`, en: `${text.en} (${mark.en})` };
}

/** How an entry is founded, in words. */
export function verificationText(verification: Verification): Names {
  switch (verification.kind) {
    case 'verified':
      return verification.count === 1
        ? { de: 'in einer Quelle gelesen', en: 'read in one source' }
        : { de: `in ${verification.count} Quellen gelesen`, en: `read in ${verification.count} sources` };
    case 'computed':
      return { de: 'berechnet', en: 'computed' };
    case 'derived':
      return { de: 'aus belegtem Text abgeleitet', en: 'derived from verified text' };
    case 'memory':
      return { de: 'aus dem Gedächtnis', en: 'from memory' };
    case 'proposal':
      return { de: 'eigene Festlegung dieses Projekts', en: "this project's own choice" };
  }
}
