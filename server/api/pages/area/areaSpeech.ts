import type { Speech } from '../station/stationSpeech.ts';
import type { AreaTexts } from '../texts/areaTexts.ts';
import type { AreaView } from './areaView.ts';

/** How the page of an area speaks. */
export interface AreaSpeech extends Speech {
  words: AreaTexts;
}

/** The whole period in words, for the middle of a sentence. */
export function spanOf({ period, whole, stepMs }: AreaView, { words, format }: AreaSpeech): string {
  if (!whole) return '';
  if (period === '24h' || period === '7d') return words.span[period]('', format.dateTime(whole.end));
  // Days at a fixed offset begin at midnight in winter and at one in summer: noon names the day either way.
  return words.span[period](format.date(whole.start + stepMs / 2), format.date(whole.end - stepMs / 2));
}
