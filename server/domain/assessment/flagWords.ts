import type { Language } from '../names.ts';
import { DERIVED_FLAGS } from './assessment.ts';
import { type FlagClass, RAW_FLAGS } from './flag.ts';

const FLAGS: Readonly<Record<string, { class: FlagClass; names: Record<Language, string> } | undefined>> = {
  ...DERIVED_FLAGS,
  ...RAW_FLAGS,
};

/** What a flag of its class makes of a value, the gravest first. */
const OBJECTIONS = [
  { class: 'invalid', names: { de: 'ungültig', en: 'invalid' } },
  { class: 'doubtful', names: { de: 'zweifelhaft', en: 'doubtful' } },
] as const;

/** Class of a flag's word, raw or derived; undefined for words that are no flags of readings (`open`, `below-coverage`). */
export function classOfFlag(word: string): FlagClass | undefined {
  return FLAGS[word]?.class;
}

/** True when one of the words says something against the value. */
export function saysDoubtful(words: readonly string[]): boolean {
  return words.some((word) => OBJECTIONS.some((objection) => objection.class === classOfFlag(word)));
}

/** The gravest of what the words say against the value, and why: `ungültig (am Ende des Messbereichs)`; undefined for nothing. */
export function objectionTo(words: readonly string[], language: Language): string | undefined {
  for (const objection of OBJECTIONS) {
    const word = words.find((each) => classOfFlag(each) === objection.class);
    if (word !== undefined) return `${objection.names[language]} (${FLAGS[word]?.names[language]})`;
  }
  return undefined;
}
