import type { LawState } from '../../../domain/limits/limits.ts';
import { confirmationNote, limitsComing, limitsInForce } from '../../../domain/limits/limits.ts';
import { type IsoDate, LIMITS_CHECKED_ON, type Limit } from '../../../domain/limits/limitTable.ts';
import { CAPTURE_RULES, COMPARING_RULES, LIMITS } from '../../../domain/limits/limitTables.ts';
import { averagingName, kindName } from '../../../domain/limits/limitTexts.ts';
import { type Html, html } from '../html.ts';
import {
  inLanguage,
  type MethodsSpeech,
  renderFounding,
  renderMark,
  renderTable,
  type Section,
} from './methodsSpeech.ts';

const POLLUTANTS = {
  pm25: { de: 'PM2,5', en: 'PM2.5' },
  pm10: { de: 'PM10', en: 'PM10' },
  no2: { de: 'NO₂', en: 'NO₂' },
};

/** Limit and guideline values, by text: what holds on the day, what comes, what only advises. */
export function limitSection(on: IsoDate, law: LawState, speech: MethodsSpeech): Section {
  const { words } = speech;
  const inForce = new Set(limitsInForce(on).map(({ id }) => id));
  const coming = new Set(limitsComing(on).map(({ id }) => id));
  const isLaw = ({ jurisdiction }: Limit) => jurisdiction !== 'WHO';
  const groups = [
    { caption: words.limits.inForce(on), rows: LIMITS.filter((limit) => isLaw(limit) && inForce.has(limit.id)) },
    { caption: words.limits.coming, rows: LIMITS.filter((limit) => isLaw(limit) && coming.has(limit.id)) },
    { caption: words.limits.who, rows: LIMITS.filter((limit) => !isLaw(limit)) },
  ];
  const note = confirmationNote(on, law);
  return {
    id: 'limits',
    heading: words.limits.heading,
    body: html`${note && html`<p class="notice">${note[speech.language]}</p>`}
<p>${words.limits.intro(LIMITS_CHECKED_ON)}</p>
${groups.map(({ caption, rows }) => renderLimits(caption, rows, speech))}
<h3>${words.limits.comparing}</h3>
<ul>${COMPARING_RULES.map((rule) => html`<li>${inLanguage(rule.names, speech)} <span class="founding">${renderFounding(rule, speech)}</span></li>`)}</ul>
<h3>${words.limits.capture}</h3>
${renderTable(
  words.limits.capture,
  [words.limits.statistic, words.limits.least, words.founding],
  CAPTURE_RULES.map((rule) => [inLanguage(rule.names, speech), `${rule.percent} %`, renderFounding(rule, speech)]),
  [1],
)}`,
  };
}

function renderLimits(caption: string, limits: readonly Limit[], speech: MethodsSpeech): Html | undefined {
  if (limits.length === 0) return undefined;
  const { heads } = speech.words.limits;
  const rows = limits.map((limit) => limitRow(limit, speech));
  return renderTable(caption, [heads.value, heads.what, heads.permitted, heads.validity, speech.words.founding], rows);
}

function limitRow(limit: Limit, speech: MethodsSpeech): (Html | string)[] {
  const { language, format, words } = speech;
  const { permittedExceedances, percentile, marginOfTolerance, validFrom, validTo } = limit;
  const places = limit.rounding.places;
  const permitted = [
    permittedExceedances !== undefined && words.limits.permitted(permittedExceedances),
    percentile !== undefined && words.limits.percentile(percentile),
    marginOfTolerance !== undefined && words.limits.margin(marginOfTolerance),
  ].filter((text) => text !== false);
  const value = `${POLLUTANTS[limit.pollutant][language]}: ${format.number(limit.value, places)}\u202fµg/m³`;
  const what = `${kindName(limit)[language]}, ${averagingName(limit)[language]}`;
  return [
    html`${value}${renderMark(limit, speech)}`,
    html`${what}<br><span class="founding">${limit.instrument[language]}${limit.notes && `. ${limit.notes[language]}`}</span>`,
    permitted.join('; ') || '–',
    words.limits.period(validFrom, validTo),
    html`${renderFounding(limit, speech)}<br><code>${limit.id}</code>`,
  ];
}
