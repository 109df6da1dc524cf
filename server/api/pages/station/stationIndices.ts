import { scales } from '../../../domain/airQuality.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import { decimalsOf } from '../../../domain/format.ts';
import type { BandIndex, IndexTable, LinearIndex } from '../../../domain/indices/indexTable.ts';
import {
  type IndexResult,
  judge,
  offeredIndices,
  particulateTitle,
  roundingOf,
} from '../../../domain/indices/indices.ts';
import { nowCast } from '../../../domain/indices/nowcast.ts';
import { placesShowing } from '../../../domain/limits/roundingRule.ts';
import { UNITS } from '../../../domain/quantity.ts';
import type { Station } from '../../../domain/station.ts';
import { isOfThisPlace } from '../../../domain/stationHistory.ts';
import type { Rollups } from '../../../rollups/rollups.ts';
import { type Html, html } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import { STATION_INDEX_TEXTS } from '../texts/stationIndexTexts.ts';
import type { Speech } from './stationSpeech.ts';
import { whileThere } from './whileThere.ts';

/** Hours that NowCast looks back over. */
const HOURS = 12;

/** A station's class in one index. */
export interface StationIndex {
  index: BandIndex | LinearIndex;
  result: IndexResult;
  /** What the class is of, µg/m³: the last closed hour, or NowCast. */
  basis: { kind: 'hour' | 'nowcast'; value: number };
}

/** Classes of the last closed clock hour, from one particulate. */
export interface StationIndices {
  quantity: 'pm25' | 'pm10';
  /** Start of the hour, epoch ms. */
  hour: number;
  found: StationIndex[];
}

/** What they are made from. */
export interface StationIndexSources {
  rollups: Pick<Rollups, 'rows'>;
  /** Where hours begin, ms east of UTC. */
  dayOffsetMs: number;
  /** True where the operator turned on indices of other countries. */
  areFurtherIndicesOn?: boolean;
}

/** Classes as of the last closed hour; none where it has no valid mean. Undefined while the store is away. */
export async function viewIndices(
  { rollups, dayOffsetMs, areFurtherIndicesOn = false }: StationIndexSources,
  station: Station,
  { quantity, now }: { quantity: StationIndices['quantity']; now: number },
): Promise<StationIndices | undefined> {
  const end = Math.floor((now + dayOffsetMs) / HOUR_MS) * HOUR_MS - dayOffsetMs;
  const query = { stationIds: [station.id], quantity, window: 'hour', from: end - HOURS * HOUR_MS, to: end } as const;
  const rows = await whileThere(() => rollups.rows(query));
  if (rows === undefined) return undefined;
  const here = rows.filter(({ start }) => isOfThisPlace(station, start));
  const meanByStart = new Map(here.flatMap(({ start, mean }) => (mean === null ? [] : [[start, mean] as const])));
  const latestFirst = Array.from({ length: HOURS }, (_, age) => meanByStart.get(end - (age + 1) * HOUR_MS));
  const found = offeredIndices(areFurtherIndicesOn).flatMap((index) => classOf(index, quantity, latestFirst) ?? []);
  return { quantity, hour: end - HOUR_MS, found };
}

/** Indices by the hour, and those by NowCast; others ask for means a page of now does not have. */
function classOf(
  index: IndexTable,
  quantity: StationIndices['quantity'],
  latestFirst: readonly (number | undefined)[],
): StationIndex | undefined {
  if (index.kind === 'grid') return undefined;
  const averaging = index.kind === 'bands' ? index.bounds[quantity]?.averaging : index.breakpoints[quantity]?.averaging;
  const isNowCast = averaging === 'day-or-nowcast';
  if (!isNowCast && averaging !== 'hour') return undefined;
  const value = isNowCast ? nowCast(quantity, latestFirst)?.value : latestFirst[0];
  const result = judge(index, quantity, value);
  return result && { index, result, basis: { kind: isNowCast ? 'nowcast' : 'hour', value: value! } };
}

/** The section: each class with its title, what it is of, and what of the index nobody has confirmed. */
export function renderIndices({ quantity, hour, found }: StationIndices, speech: Speech): Html {
  const { language, format, chosenLanguage } = speech;
  const words = STATION_INDEX_TEXTS[language];
  const span = { from: format.time(hour), to: format.time(hour + HOUR_MS) };
  return html`<section class="station-facts station-indices" id="indices" aria-labelledby="indices-heading"><h2 class="section-heading" id="indices-heading">${words.heading}</h2>
${
  found.length === 0
    ? html`<p>${words.none(span)}</p>`
    : html`<dl>${found.map((each) => renderIndex(each, { quantity, span }, speech))}</dl>`
}
<p class="note">${words.note} <a href="${pageUrl('/methods', chosenLanguage)}#indices">${words.methods}</a></p></section>`;
}

function renderIndex(
  { index, result, basis }: StationIndex,
  { quantity, span }: { quantity: StationIndices['quantity']; span: { from: string; to: string } },
  { language, format }: Speech,
): Html {
  const words = STATION_INDEX_TEXTS[language];
  const { names, colour } = result.class;
  const unconfirmed = Object.values(scales).find(({ id }) => id === index.id)?.unconfirmed?.[language];
  const rounding = roundingOf(index, quantity);
  const least = decimalsOf(quantity);
  const places = rounding === undefined ? least : placesShowing(rounding, basis.value, least);
  const shownValue = `${format.number(basis.value, places)}\u202f${UNITS[quantity]}`;
  const number = result.number === undefined ? '' : `${result.number}, `;
  return html`<dt>${particulateTitle(index, [quantity])[language]}</dt><dd><svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" fill="${colour}"/></svg> ${number}${names[language]} <span class="note">${words.basis[basis.kind]({ ...span, value: shownValue })}${unconfirmed && ` (${unconfirmed})`}</span></dd>`;
}
