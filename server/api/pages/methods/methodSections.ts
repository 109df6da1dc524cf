import { DERIVED_FLAGS, LAST_HOUR_FLAGS, THRESHOLDS } from '../../../domain/assessment/assessment.ts';
import { type FlagClass, RAW_FLAGS } from '../../../domain/assessment/flag.ts';
import { CORRECTIONS } from '../../../domain/correction/correction.ts';
import {
  HUMID_EXCESS,
  QUALITY_OBJECTIVES,
  SENSOR_CLASSES,
  STANDING_TEXT,
} from '../../../domain/correction/uncertainty.ts';
import { WINDOW_FLAGS } from '../../../domain/means/clockMean.ts';
import { ROLLUP_METHOD } from '../../../domain/means/rollup.ts';
import { METHODS, type Method } from '../../../domain/methods.ts';
import type { Versioned } from '../../../domain/methodVersion.ts';
import type { Names } from '../../../domain/names.ts';
import { type Html, html } from '../html.ts';
import {
  inLanguage,
  type MethodsSpeech,
  renderFounding,
  renderMark,
  renderTable,
  type Section,
} from './methodsSpeech.ts';

/** Each method but the corrections in a few sentences, with its version. */
export function figureSection(speech: MethodsSpeech): Section {
  const { words } = speech;
  const methods = METHODS.filter(({ kind }) => kind !== 'correction');
  return {
    id: 'figures',
    heading: words.figures.heading,
    body: html`${methods.map((method) => renderMethod(method, speech))}
<h3 id="rollups">${words.figures.rollups}</h3><p>${words.figures.rollupsText(ROLLUP_METHOD)}</p>`,
  };
}

function renderMethod(method: Method, speech: MethodsSpeech): Html {
  return html`<h3 id="${method.id}">${inLanguage(method.names, speech)}${renderMark(method, speech)}</h3>
<p>${inLanguage(method.description, speech)}</p>
<p class="founding">${renderVersion(method, speech)} ${renderFounding(method, speech)}</p>${renderEarlier(method, speech)}`;
}

/** With the day it is in force since, where others came before. */
function renderVersion({ version, validFrom, earlier }: Versioned, { words }: MethodsSpeech): Html {
  return html`${words.version.heading} <code>${version}</code>${earlier !== undefined && `, ${words.version.since(validFrom)}`}.`;
}

/** Versions that old figures name, and what they did otherwise. */
function renderEarlier({ earlier }: Versioned, speech: MethodsSpeech): Html | undefined {
  return (
    earlier &&
    html`<ul class="founding">${earlier.map(
      ({ version, validFrom, validTo, note }) =>
        html`<li><code>${version}</code>, ${speech.words.version.between(validFrom, validTo)}: ${inLanguage(note, speech)}</li>`,
    )}</ul>`
  );
}

/** The directive's uncertainties and what the classes of the standard mean. */
export function uncertaintySection(speech: MethodsSpeech): Section {
  const { words, format } = speech;
  const figure = ({ absolute, percent }: { absolute: number; percent: number }) =>
    words.uncertainty.larger(format.number(absolute, 1), format.number(percent, 0));
  const excess = format.number(HUMID_EXCESS, 2);
  const objectives = QUALITY_OBJECTIVES.filter(({ pollutant }) => pollutant !== 'no2').map((each) => [
    `${each.pollutant === 'pm25' ? words.pm25 : 'PM10'}, ${words.uncertainty.averaging[each.averaging]}`,
    figure(each.fixed),
    figure(each.indicative),
    renderFounding(each, speech),
  ]);
  const classes = SENSOR_CLASSES.map((each) => [
    String(each.sensorClass),
    `${each.percent} %`,
    renderFounding(each, speech),
  ]);
  return {
    id: 'uncertainties',
    heading: words.uncertainty.heading,
    body: html`<p>${inLanguage(STANDING_TEXT, speech)}</p><p>${words.uncertainty.intro}</p>
<p class="formula"><code>U = √( max(a, p · x, U<sub>v</sub>)² + (f · ${excess} · x)² )</code></p><p class="founding">${words.uncertainty.formula(excess)}</p>
${renderTable(words.uncertainty.table, [words.uncertainty.mean, words.uncertainty.fixed, words.uncertainty.indicative, words.founding], objectives)}
${renderTable(words.uncertainty.classes, [words.uncertainty.class, words.uncertainty.percent, words.founding], classes, [1])}`,
  };
}

/** Every correction, offered or for research. */
export function correctionSection(speech: MethodsSpeech): Section {
  const { words } = speech;
  const rows = CORRECTIONS.map((each) => [
    html`${inLanguage(each.names, speech)}${renderMark(each, speech)}`,
    html`<code>${each.formula}</code>`,
    each.use === 'offered' ? words.corrections.offered : words.corrections.research,
    html`${each.madeFor === 'any' ? words.corrections.any : each.madeFor.join(', ')}. ${inLanguage(each.notes, speech)}`,
    html`${renderFounding(each, speech)}<br>${renderVersion(each, speech)}${renderEarlier(each, speech)}`,
  ]);
  const { heads } = words.corrections;
  return {
    id: 'corrections',
    heading: words.corrections.heading,
    body: html`<p>${words.corrections.intro}</p>
${renderTable(words.corrections.heading, [heads.name, heads.formula, heads.use, heads.madeFor, words.founding], rows)}`,
  };
}

/** What flags mean and by which thresholds they are set. */
export function flagSection(speech: MethodsSpeech): Section {
  const { words } = speech;
  const raw = Object.entries(RAW_FLAGS).map(([flag, { class: of }]) => [
    html`<code>${flag}</code>`,
    words.flags.raw[flag as keyof typeof RAW_FLAGS],
    words.flags.classes[of],
  ]);
  const named = (flags: Readonly<Record<string, { class: FlagClass; names: Names }>>) =>
    Object.entries(flags).map(([flag, { class: of, names }]) => [
      html`<code>${flag}</code>`,
      names[speech.language],
      words.flags.classes[of],
    ]);
  const heads = [words.flags.flag, words.flags.meaning, words.flags.effect];
  const thresholds = Object.entries(THRESHOLDS).map(
    ([name, value]) => html`<li><code>${name} = ${String(value)}</code></li>`,
  );
  return {
    id: 'flags',
    heading: words.flags.heading,
    body: html`<p>${words.flags.intro}</p>
${renderTable(words.flags.rawTable, heads, raw)}${renderTable(words.flags.derivedTable, heads, named(DERIVED_FLAGS))}
${renderTable(words.flags.windowTable, heads, named(WINDOW_FLAGS))}
<p>${words.flags.lastHourOnly(LAST_HOUR_FLAGS.join(', '))}</p>
<details><summary>${words.flags.thresholds}</summary><ul>${thresholds}</ul></details>`,
  };
}
