import { isPublic, type Station } from '../../domain/station.ts';
import { type Html, html } from './html.ts';
import { pageUrl } from './pageUrls.ts';
import type { Asked } from './pageWriter.ts';

/** What stands above a choice of stations while there is none to choose; `false` once there is. */
export function renderNoStations(
  stations: readonly Station[],
  { texts, chosenLanguage }: Pick<Asked, 'texts' | 'chosenLanguage'>,
): Html | false {
  if (stations.some(isPublic)) return false;
  return html`<p class="notice">${texts.noStations} <a href="${pageUrl('/host', chosenLanguage)}">${texts.pages.host}</a></p>`;
}
