import { type AreaFigure, areaFigures } from '../../../areas/areaFigures.ts';
import { periodBefore } from '../../../areas/areaWindows.ts';
import { rowsWhileThere } from '../../../areas/rowsWhileThere.ts';
import type { Area } from '../../../domain/area.ts';
import { decimalsOf } from '../../../domain/format.ts';
import { printedNote } from '../../../domain/printedNote.ts';
import { forOneAnswer } from '../../../rollups/oneAnswer.ts';
import { StoreUnavailableError } from '../../../store/readingStore.ts';
import { type Html, html } from '../html.ts';
import { renderMeansNotice } from '../meansNotice.ts';
import { pageUrl } from '../pageUrls.ts';
import type { Speech } from '../station/stationSpeech.ts';
import { AREA_TEXTS } from '../texts/areaTexts.ts';
import { STATION_LIST_TEXTS } from '../texts/stationListTexts.ts';
import { unbroken } from '../unbroken.ts';
import type { AreaSources } from './areaView.ts';

/** A line of the list of areas. */
export interface AreaLine {
  area: Area;
  stationCount: number;
  /** Of PM2.5 over the last 24 closed hours; undefined while the store cannot be asked. */
  figure: AreaFigure | undefined;
}

/** All areas, as of `now`, epoch ms. */
export interface AreasView {
  now: number;
  lines: AreaLine[];
  /** False while means of their stations are missing or out of date. */
  isUpToDate: boolean;
}

/** Gathers the list of areas. */
export async function viewAreas({ areas, dayOffsetMs, clock, ...sources }: AreaSources): Promise<AreasView> {
  const now = clock();
  const rollups = forOneAnswer(sources.rollups);
  const { whole, unit } = periodBefore('24h', now, dayOffsetMs);
  const lines: AreaLine[] = [];
  const citizens = areas.citizensByArea('pm25', whole);
  const stationIds = [...citizens.values()].flatMap((stations) => stations.map(({ id }) => id));
  const isUpToDate = await rollups.upToDate({ stationIds, to: whole.end });
  for (const area of areas.areas()) {
    const stations = citizens.get(area.id) ?? [];
    const query = { quantity: 'pm25', unit, windows: [whole], now } as const;
    const there = rowsWhileThere(rollups, areas, { areaId: area.id, stations });
    const [figure] = await areaFigures(there, stations, query).catch((error: unknown) => {
      if (error instanceof StoreUnavailableError) return [];
      throw error;
    });
    lines.push({ area, stationCount: stations.length, figure });
  }
  lines.sort((a, b) => a.area.name.localeCompare(b.area.name, 'de', { numeric: true }));
  return { now, lines, isUpToDate };
}

/** The main part of the list of areas. */
export function renderAreas(
  { now, lines, isUpToDate }: AreasView,
  { language, format, texts, chosenLanguage, address }: Speech & { address: string },
): Html {
  const words = AREA_TEXTS[language];
  const { overview } = words;
  const rows = lines.map(({ area, stationCount, figure }) => {
    const median = figure?.median;
    const url = pageUrl(`/area/${area.id}`, chosenLanguage);
    return html`<tr><th scope="row"><a href="${url}">${unbroken(area.name)}</a></th><td class="number">${median === undefined ? '–' : format.number(median, decimalsOf('pm25'))}</td><td class="number">${figure?.count ?? '–'} / ${stationCount}</td></tr>
`;
  });
  return html`<div class="station-page area-page area-index"><div class="station-top"><h1>${words.allAreas}</h1></div>
${
  lines.length === 0
    ? html`<p class="notice">${words.noAreas}</p>`
    : html`<p>${words.allAreasIntro}</p>
${!isUpToDate && renderMeansNotice(language)}
<table><caption>${overview.caption}</caption><thead><tr><th scope="col">${overview.area}</th><th scope="col" class="number">${overview.median}</th><th scope="col" class="number">${overview.stations}</th></tr></thead>
<tbody>${rows}</tbody></table>`
}
<p><a href="${pageUrl('/stations', chosenLanguage)}">${STATION_LIST_TEXTS[language].heading}</a></p>
<p class="note">${texts.onlyParticulates} ${texts.indicative}.</p>
<p class="printed-note">${printedNote(now, address, { language, format })}</p></div>`;
}
