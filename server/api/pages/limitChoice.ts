import type { Format } from '../../domain/format.ts';
import { type ChosenLimits, chosenLimits, LIMIT_CHOICES, type LimitChoice } from '../../domain/limits/limitChoice.ts';
import { confirmationNote, isoDate } from '../../domain/limits/limits.ts';
import { limitTitle } from '../../domain/limits/limitTexts.ts';
import type { Language } from '../../domain/names.ts';
import { unconfirmedMark } from '../../domain/verification.ts';
import type { Course } from './courseSvg.ts';
import { type Html, html, raw } from './html.ts';
import { LIMIT_CHOICE_TEXTS } from './texts/limitChoiceTexts.ts';

/** A chart and the text its reader holds it against. */
export interface LimitAsked {
  /** Undefined: none. */
  choice: LimitChoice | undefined;
  quantity: 'pm25' | 'pm10';
  /** Whether the chart shows daily means: the only ones a line is drawn for. */
  isOfDays: boolean;
  /** Epoch ms. */
  now: number;
}

const limitsOf = ({ choice, quantity, now }: LimitAsked): ChosenLimits =>
  choice === undefined ? {} : chosenLimits(choice, quantity, isoDate(now));

/** The choice as links; `urlOf` is the page's address with a choice, or without one. */
export function renderLimitLinks(
  chosen: LimitChoice | undefined,
  language: Language,
  urlOf: (choice: LimitChoice | undefined) => string,
): Html {
  const words = LIMIT_CHOICE_TEXTS[language];
  return html`<ul aria-label="${words.label}"><li class="choice-label" aria-hidden="true">${words.label}</li>${[undefined, ...LIMIT_CHOICES].map((choice) => html`<li><a href="${urlOf(choice)}"${choice === chosen && raw(' aria-current="true"')}>${choice === undefined ? words.none : words.choice[choice]}</a></li>`)}</ul>`;
}

/** The line of a chart of daily means: empty for any other, and where the text has no daily value. */
export function limitLine(
  asked: LimitAsked,
  { language, format }: { language: Language; format: Format },
): Pick<Course, 'limit'> {
  const { day } = limitsOf(asked);
  if (!day || !asked.isOfDays) return {};
  const label = LIMIT_CHOICE_TEXTS[language].line(asked.choice!, `${format.number(day.value, 0)}\u202fµg/m³`);
  const mark = unconfirmedMark(day)?.[language];
  return { limit: { value: day.value, label: mark === undefined ? label : `${label} (${mark})` } };
}

/** What the chosen text says, value by value with averaging time and source, and why there is a line or none. */
export function renderLimitNote(asked: LimitAsked, language: Language): Html | undefined {
  if (asked.choice === undefined) return undefined;
  const words = LIMIT_CHOICE_TEXTS[language];
  const { day, year } = limitsOf(asked);
  const state = confirmationNote(isoDate(asked.now));
  const why = !asked.isOfDays ? words.notForHours : day ? words.drawn : words.noDay;
  return html`<div class="limit-note"><ul>${[day, year].map((limit) => limit && html`<li>${limitTitle(limit)[language]}</li>`)}</ul>
<p>${why}</p><p>${words.caution}</p>${state && html`<p>${state[language]}</p>`}</div>`;
}
