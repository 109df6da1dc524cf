import type { OfficialNeighbour } from '../../../areas/officialComparison.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import { textSpan } from '../../../domain/textSpan.ts';
import { type Html, html } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import type { AreaSpeech } from './areaSpeech.ts';
import type { AreaView } from './areaView.ts';

/** The official stations nearby and how the area's medians stand to them; nothing where there are none. */
export function renderOfficials(view: AreaView, speech: AreaSpeech): Html | undefined {
  const { officials, whole } = view;
  const { words } = speech;
  if (officials.length === 0 || !whole) return undefined;
  return html`<section class="area-officials" aria-labelledby="officials-heading"><h2 class="section-heading" id="officials-heading">${words.officials.heading}</h2>
${officials.map((official) => renderOfficial(official, view, speech))}
<p class="note">${words.officials.note}</p></section>`;
}

function renderOfficial(official: OfficialNeighbour, view: AreaView, speech: AreaSpeech): Html {
  const { station, distance, comparison, network } = official;
  const { quantity, stepMs } = view;
  const { words, texts, format, chosenLanguage } = speech;
  const { reference } = station;
  const km = (metres: number) => format.number(metres / 1000, 1);
  const where = words.officials.where({
    type: texts.referenceType[reference.type],
    distance: textSpan(km(distance.nearest), km(distance.farthest), ' km'),
  });
  const isOfDays = stepMs > HOUR_MS;
  return html`<h3><span class="official-mark" aria-hidden="true"></span><a href="${pageUrl(`/station/${station.id}`, chosenLanguage)}">${station.name}</a></h3>
<p>${where}</p>
${network.state === 'deviates' && html`<p class="notice">${words.officials.deviates[(network.bias ?? 0) > 0 ? 'high' : 'low'](format.value(quantity, Math.abs(network.bias ?? 0)))}</p>`}
${
  comparison === undefined
    ? html`<p>${words.officials.none}</p>`
    : html`<dl>${Object.entries({
        [words.officials.n]: words.officials.windows(comparison.n, isOfDays),
        [words.officials.network]: format.value(quantity, comparison.sensorMean),
        [words.officials.official]: format.value(quantity, comparison.referenceMean),
        [words.officials.bias]: `${comparison.bias > 0 ? '+' : ''}${format.value(quantity, comparison.bias)}`,
        [words.officials.correlation]:
          comparison.correlation === undefined ? '–' : format.number(comparison.correlation, 2),
      }).map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`
}
<p class="note">${words.officials.source(reference.network, station.licence)}</p>`;
}
