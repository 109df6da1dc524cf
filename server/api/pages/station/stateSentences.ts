import type { PageTexts } from '../texts/pageTexts.ts';

/** What is to be known of a value in this state, and why nothing is made of the last reading, if something is said against it. */
export function stateSentences(
  texts: Pick<PageTexts, 'stateSentence' | 'lastReadingIs'>,
  state: keyof PageTexts['stateSentence'],
  objection: string | undefined,
): string[] {
  const last = objection === undefined ? '' : texts.lastReadingIs(objection);
  // The sentence with the reason says all that the one without does.
  const first = last && state === 'doubtful' ? '' : texts.stateSentence[state];
  return [first, last].filter(Boolean);
}
