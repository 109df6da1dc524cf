import { DERIVED_FLAGS } from './assessment.ts';
import { type FlagClass, RAW_FLAGS } from './flag.ts';

/** Class of a flag's word, raw or derived; undefined for words that are no flags of readings (`open`, `below-coverage`). */
export function classOfFlag(word: string): FlagClass | undefined {
  if (word in RAW_FLAGS) return RAW_FLAGS[word as keyof typeof RAW_FLAGS].class;
  return word in DERIVED_FLAGS ? DERIVED_FLAGS[word as keyof typeof DERIVED_FLAGS].class : undefined;
}

/** True when one of the words says something against the value. */
export function saysDoubtful(words: readonly string[]): boolean {
  return words.some((word) => {
    const flagClass = classOfFlag(word);
    return flagClass === 'doubtful' || flagClass === 'invalid';
  });
}
