import {
  type BandIndex,
  INDICES_CHECKED_ON,
  type IndexClass,
  type IndexTable,
  type LinearIndex,
} from '../../../domain/indices/indexTable.ts';
import { offeredIndices, particulateTitle } from '../../../domain/indices/indices.ts';
import { type Language, QUANTITY_NAMES } from '../../../domain/names.ts';
import { type Html, html } from '../html.ts';
import { inLanguage, type MethodsSpeech, renderFounding, renderTable, type Section } from './methodsSpeech.ts';

/** The indices classes are taken from, with bounds, colours and what of them is unconfirmed. */
export function indexSection(areFurtherOn: boolean, speech: MethodsSpeech): Section {
  const { words } = speech;
  const indices = offeredIndices(areFurtherOn).filter(({ status }) => status === 'current');
  return {
    id: 'indices',
    heading: words.indices.heading,
    body: html`<p>${words.indices.intro(INDICES_CHECKED_ON)}</p>
${indices.map((index) => renderIndex(index, speech))}`,
  };
}

function renderIndex(index: IndexTable, speech: MethodsSpeech): Html {
  const { words, language } = speech;
  return html`<h3 id="index-${index.id}">${inLanguage(index.names, speech)}</h3>
<p>${words.indices.named(particulateTitle(index, ['pm25'])[language])} ${words.indices.since(index.publisher, index.validFrom, index.validTo)} ${index.notes?.[language]}</p>
${index.kind === 'bands' && renderBands(index, speech)}${index.kind === 'linear' && renderBreakpoints(index, speech)}
<ul class="founding-list"><li>${words.indices.bounds}: ${renderFounding(index, speech)}</li><li>${words.indices.colours}: ${renderFounding(index.colours, speech)}</li><li>${words.indices.names}: ${renderFounding(index.translation, speech)}</li>${index.kind === 'bands' && html`<li>${words.indices.rounding}: ${renderFounding(index.roundingSource, speech)}</li>`}</ul>`;
}

function renderBands({ bounds, classes, names, rounding }: BandIndex, speech: MethodsSpeech): Html {
  const { words, language, format } = speech;
  const range = (upper: readonly number[] | undefined, at: number) => {
    if (!upper) return '–';
    const [from, to] = [upper[at - 1], upper[at]];
    const text = (value: number) => format.number(value, rounding.places);
    if (to === undefined) return from === undefined ? '–' : words.indices.above(text(from));
    return from === undefined ? words.indices.upTo(text(to)) : words.indices.between(text(from), text(to));
  };
  const rows = classes.map((each, at) => [
    className(each, speech),
    range(bounds.pm25?.upper, at),
    range(bounds.pm10?.upper, at),
  ]);
  const averaging = words.indices.averaging[bounds.pm25?.averaging ?? 'hour'];
  return renderTable(`${names[language]}, ${averaging}`, [words.indices.class, ...columnsOf(language)], rows, [1, 2]);
}

/** Classes of an index that has a number: its breakpoints, and the number from and to. */
function renderBreakpoints({ breakpoints, classes, names }: LinearIndex, speech: MethodsSpeech): Html {
  const { words, language, format } = speech;
  const range = (pollutant: 'pm25' | 'pm10', at: number) => {
    const table = breakpoints[pollutant];
    const row = table?.rows[at];
    if (!table || !row) return '–';
    const number = (value: number) => format.number(value, table.rounding.places);
    return `${number(row[0])}–${number(row[1])}`;
  };
  const rows = classes.map((each, at) => {
    const row = breakpoints.pm25?.rows[at];
    return [className(each, speech), range('pm25', at), range('pm10', at), row ? `${row[2]}–${row[3]}` : '–'];
  });
  const averaging = words.indices.averaging[breakpoints.pm25?.averaging ?? 'day'];
  const heads = [words.indices.class, ...columnsOf(language), words.indices.number];
  return renderTable(`${names[language]}, ${averaging}`, heads, rows, [1, 2, 3]);
}

function className({ names, colour }: IndexClass, { language }: MethodsSpeech): Html {
  return html`<svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" fill="${colour}"/></svg> ${names[language]}`;
}

function columnsOf(language: Language): string[] {
  return [`${QUANTITY_NAMES.pm25[language]} (µg/m³)`, 'PM10 (µg/m³)'];
}
