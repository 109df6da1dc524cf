import type { Request, Response } from 'express';
import { decimalsOf } from '../../domain/format.ts';
import { printedNote } from '../../domain/printedNote.ts';
import { hasWords, searchKey, searchWords } from '../../domain/searchKey.ts';
import { isPublic, publicPosition, type Station } from '../../domain/station.ts';
import { aggregateOf } from '../../live/officialAggregate.ts';
import { baseUrl } from '../http/baseUrl.ts';
import { type Html, html } from './html.ts';
import { renderNoStations } from './noStations.ts';
import { pageAddress, pageUrl } from './pageUrls.ts';
import type { Asked, PageWriter } from './pageWriter.ts';
import { type StationSources, stateOf } from './station/stationView.ts';
import { STATION_LIST_TEXTS } from './texts/stationListTexts.ts';
import { unbroken } from './unbroken.ts';

/** Stations on one page: few enough to read and to send, and 15,000 are 150 pages. */
const PAGE_STATIONS = 100;
const MAX_LETTERS = 100;
const LAYER = { quantity: 'pm25', average: '1h' } as const;

/** What the list is made from. */
export interface StationListDeps extends Pick<StationSources, 'aggregator' | 'areas' | 'clock' | 'stations'> {
  writer: PageWriter;
  /** Where people reach this instance; undefined when the operator did not say. */
  publicUrl?: string | undefined;
}

/** What a reader sees of the list. */
interface Part {
  /** What the names have in them; empty for all. */
  text: string;
  /** Counted from 1. */
  page: number;
  pages: number;
  total: number;
  stations: readonly Station[];
}

/** `/stations?find=&page=`: the way to every station's page without scripts and without districts. */
export function sendStationList(deps: StationListDeps, request: Request, response: Response): void {
  const asked = deps.writer.asked(request);
  const words = STATION_LIST_TEXTS[asked.language];
  const part = partOf(deps.stations(), request.query);
  const query = { ...asked.query, ...queryOf(part) };
  const address = pageAddress({ ...asked, query }, baseUrl(request, deps.publicUrl));
  deps.writer.send(
    response,
    { ...asked, query },
    {
      kind: 'area',
      title: words.title(deps.writer.instance.name),
      description: words.intro,
      isIndexed: part.text === '',
      main: renderList(deps, part, { ...asked, address }),
    },
  );
}

function partOf(stations: readonly Station[], query: Request['query']): Part {
  const text = typeof query.find === 'string' ? query.find.trim().slice(0, MAX_LETTERS) : '';
  const words = searchWords(text);
  const found = namedOf(stations).filter(({ key }) => hasWords(key, words));
  const pages = Math.max(1, Math.ceil(found.length / PAGE_STATIONS));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(query.page)) || 1));
  const shown = found.slice((page - 1) * PAGE_STATIONS, page * PAGE_STATIONS);
  return { text, page, pages, total: found.length, stations: shown.map(({ station }) => station) };
}

interface Named {
  station: Station;
  key: string;
  /** The key with numbers of one length, so that 9 comes before 10. */
  order: string;
}

const namedByStations = new WeakMap<readonly Station[], Named[]>();

/** The public ones by name, made once as long as none changes. */
function namedOf(stations: readonly Station[]): Named[] {
  const known = namedByStations.get(stations);
  if (known !== undefined) return known;
  const named = stations.filter(isPublic).map((station) => {
    const key = searchKey(station.name);
    return { station, key, order: key.replace(/\d+/g, (number) => number.padStart(12, '0')) };
  });
  named.sort((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)));
  namedByStations.set(stations, named);
  return named;
}

function queryOf({ text, page }: Pick<Part, 'text' | 'page'>): Record<string, string> {
  return { ...(text !== '' && { find: text }), ...(page > 1 && { page: String(page) }) };
}

function renderList(deps: StationListDeps, part: Part, speech: Asked & { address: string }): Html {
  const { language, texts, address } = speech;
  const words = STATION_LIST_TEXTS[language];
  const now = deps.clock();
  return html`<div class="station-page area-page area-index"><div class="station-top"><h1>${words.heading}</h1></div>
<p>${words.intro}</p>
${renderNoStations(deps.stations(), speech)}
${renderFind(part, speech)}
${part.total > 0 ? renderTable(deps, part, { speech, now }) : part.text !== '' && html`<p class="notice">${words.none(part.text)}</p>`}
<p class="note">${texts.onlyParticulates} ${texts.indicative}.</p>
<p class="printed-note">${printedNote(now, address, speech)}</p></div>`;
}

function renderFind({ text }: Part, { language, chosenLanguage }: Asked): Html {
  const words = STATION_LIST_TEXTS[language];
  return html`<form class="compare-form" method="get" action="/stations" role="search">${chosenLanguage && html`<input type="hidden" name="lang" value="${chosenLanguage}">`}
<div class="report-field"><label for="find">${words.find}</label><input id="find" name="find" value="${text}" maxlength="${MAX_LETTERS}" autocomplete="off" spellcheck="false"></div>
<p><button class="button is-main" type="submit">${words.show}</button></p></form>`;
}

function renderTable(deps: StationListDeps, part: Part, { speech, now }: { speech: Asked; now: number }): Html {
  const { format, language, texts } = speech;
  const words = STATION_LIST_TEXTS[language];
  const first = (part.page - 1) * PAGE_STATIONS + 1;
  const [from, to, total] = [first, first + part.stations.length - 1, part.total].map((each) => format.number(each, 0));
  const hasAreas = deps.areas.areas().length > 0;
  return html`${part.pages > 1 && html`<p>${words.shown({ from: from!, to: to!, total: total! })}</p>`}
<table><caption>${words.caption}</caption><thead><tr><th scope="col">${words.station}</th>${hasAreas && html`<th scope="col">${words.area}</th>`}<th scope="col" class="number">PM${language === 'de' ? '2,5' : '2.5'}</th></tr></thead>
<tbody>${part.stations.map((station) => {
    const area = hasAreas && deps.areas.areaOf(publicPosition(station));
    const kind = station.reference ? texts.kind.reference : station.isIndoor && texts.indoor;
    return html`<tr><th scope="row"><a href="${pageUrl(`/station/${station.id}`, speech.chosenLanguage)}">${station.name}</a>${kind && ` (${kind})`}</th>${hasAreas && html`<td>${area && unbroken(area.name)}</td>`}<td class="number">${valueText(deps, station, { speech, now })}</td></tr>
`;
  })}</tbody></table>
${part.pages > 1 && renderPages(part, speech)}`;
}

/** A number only where it counts; else why there is none. */
function valueText(
  deps: StationListDeps,
  station: Station,
  { speech, now }: { speech: Asked; now: number },
): Html | string {
  const aggregate = aggregateOf(deps.aggregator, station, LAYER, now);
  const state = stateOf(station, aggregate, { now, average: LAYER.average });
  if (state !== 'ok') return html`<span class="why">${speech.texts.state[state]}</span>`;
  return speech.format.number(aggregate!.value!, decimalsOf(LAYER.quantity));
}

function renderPages({ text, page, pages }: Part, { language, chosenLanguage, format }: Asked): Html {
  const words = STATION_LIST_TEXTS[language];
  const link = (to: number, name: string, rel: string) =>
    to >= 1 &&
    to <= pages &&
    html`<li><a rel="${rel}" href="${pageUrl('/stations', chosenLanguage, queryOf({ text, page: to }))}">${name}</a></li>`;
  const [here, all] = [page, pages].map((each) => format.number(each, 0));
  return html`<nav class="area-choices" aria-label="${words.pagesLabel}"><ul>${link(page - 1, words.before, 'prev')}<li>${words.page({ page: here!, pages: all! })}</li>${link(page + 1, words.after, 'next')}</ul></nav>`;
}
