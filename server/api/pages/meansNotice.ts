import { MEANS_BEHIND } from '../../domain/means/meansBehind.ts';
import type { Language } from '../../domain/names.ts';
import { type Html, html } from './html.ts';

/** Beside figures some of whose means are being made anew. The page's script knows it by its mark and asks again. */
export function renderMeansNotice(language: Language): Html {
  return html`<p class="notice" data-behind>${MEANS_BEHIND[language]}</p>`;
}
