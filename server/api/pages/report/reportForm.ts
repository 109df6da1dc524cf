import { QUANTITY_NAMES } from '../../../domain/names.ts';
import { RULES } from '../../../domain/report/frozenLimit.ts';
import { CHOICE_VALUES, type Choices, REPORT_QUANTITIES } from '../../../domain/report/question.ts';
import type { ReadQuestion } from '../../../report/questionUrl.ts';
import { type Html, html, raw } from '../html.ts';
import type { ReportSpeech } from './answerView.ts';
import { renderQuickPeriods } from './quickPeriodButtons.ts';

/**
 * The question as a form: works without scripts, its answer's address is the question. The Enter key presses a form's
 * first button, so that one that nobody sees comes before those of the periods.
 */
export function renderForm(
  { draft, lastClosed }: Pick<ReadQuestion, 'draft' | 'lastClosed'>,
  { areas, isSouthern }: { areas: readonly { id: string; name: string }[]; isSouthern: boolean },
  speech: ReportSpeech,
): Html {
  const { words, language, chosenLanguage } = speech;
  const { fields } = words;
  const options = (values: readonly (readonly [string, string])[], chosen: string) =>
    values.map(
      ([value, text]) => html`<option value="${value}"${value === chosen && raw(' selected')}>${text}</option>`,
    );
  const field = (name: string, label: string, control: Html) =>
    html`<div class="report-field"><label for="ask-${name}">${label}</label>${control}</div>`;
  const select = (name: string, label: string, values: readonly (readonly [string, string])[], chosen: string) =>
    field(name, label, html`<select id="ask-${name}" name="${name}">${options(values, chosen)}</select>`);
  const rules = [...RULES, 'none'].map((rule) => [rule, words.ruleNames[rule]!] as const);
  const isOwnRule = rules.some(([rule]) => rule === draft.rule);
  return html`<form class="report-form" method="get" action="/report" aria-label="${words.form}">
${chosenLanguage && html`<input type="hidden" name="lang" value="${chosenLanguage}">`}
<button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">${fields.submit}</button>
<div class="report-fields">
${areas.length > 0 && select('area', fields.area, [['', `– ${fields.noArea} –`], ...areas.map(({ id, name }) => [id, name] as const)], draft.area)}
${field('station', areas.length > 0 ? fields.orStation : fields.station, html`<input id="ask-station" name="station" value="${draft.station}" placeholder="${fields.stationHelp}" data-picker="${fields.stationName}" data-remove="${fields.remove}" autocomplete="off" spellcheck="false">`)}
${select(
  'quantity',
  fields.quantity,
  REPORT_QUANTITIES.map((each) => [each, QUANTITY_NAMES[each][language]] as const),
  draft.quantity,
)}
${renderQuickPeriods(draft, { lastClosed, isSouthern }, speech)}
${field('from', fields.from, html`<input id="ask-from" name="from" type="date" value="${draft.from}">`)}
${field('to', fields.to, html`<input id="ask-to" name="to" type="date" value="${draft.to}">`)}
${select('rule', fields.rule, isOwnRule ? rules : [[draft.rule, draft.rule], ...rules], draft.rule)}
</div>
<details class="report-choices"><summary>${fields.choices}</summary><div class="report-fields">
${(Object.keys(CHOICE_VALUES) as (keyof Choices)[]).map((name) =>
  select(
    name,
    words.choiceNames[name],
    [...CHOICE_VALUES[name], ...(name === 'values' ? ['reference-ratio'] : [])].map(
      (value) => [value, (words.choices[name] as Record<string, string>)[value]!] as const,
    ),
    draft.choices[name],
  ),
)}
</div></details>
<p><button class="button is-primary" type="submit">${fields.submit}</button></p></form>`;
}
