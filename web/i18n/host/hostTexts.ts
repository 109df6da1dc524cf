import type { Language } from '../../../server/api/pages/language.ts';
import { hostDe } from './hostDe.ts';
import { hostEn } from './hostEn.ts';

/** Texts of joining; those of "my station" are a dictionary of their own. */
export interface HostTexts {
  intro: string;
  haveLink: string;
  linkLabel: string;
  linkHelp: string;
  linkOpen: string;
  linkWrong: string;
}

/** The dictionary of a language. */
export function hostTextsOf(language: Language): HostTexts {
  return language === 'de' ? hostDe : hostEn;
}
