import type { Format } from '../../../domain/format.ts';
import { type Html, html } from '../html.ts';
import type { Agreement, CheckedFigures, Checks, ThreeWays } from './checks.ts';
import { type MethodsSpeech, renderTable, type Section } from './methodsSpeech.ts';

type Comparison = Checks['bristol']['comparisons'][number];

/** The tests behind what `/methods` says of means made by another way. */
export const RECOMPUTING_TESTS = ['tests/rollups/rollingMeans.test.ts', 'tests/rollups/bochumYear.test.ts'] as const;

/** How the methods did where there was something to compare with. */
export function checkSection({ bristol, dutch, methods }: Checks, speech: MethodsSpeech): Section {
  const { words, format } = speech;
  const { checks } = words;
  const { leastDays, leastHours } = bristol.rule;
  const { groupMetres, leastKits } = dutch.rule;
  return {
    id: 'checks',
    heading: checks.heading,
    body: html`<p>${checks.intro(methods.join(', '))}</p>
<h3>${checks.bristol.heading}</h3>
<p>${checks.bristol.intro({ from: bristol.from, to: bristol.to, leastDays, leastHours, checkedOn: bristol.checkedOn })}</p>
<p><strong>${checks.bristol.found(medianFacts(bristol, format))}</strong></p>
${bristol.comparisons.map((comparison) => renderComparison(comparison, speech))}
<h3>${checks.dutch.heading}</h3>
<p>${checks.dutch.intro({ kilometres: format.number(groupMetres / 1000, 1), leastKits, checkedOn: dutch.checkedOn })}</p>
<p>${checks.dutch.labels(labelFacts(dutch.labels, format))}</p>
${dutch.quantities.map((each) => renderThreeWays(each, speech))}
<p><strong>${checks.dutch.found}</strong></p>
<p class="founding">${checks.again} <code>node scripts/checkAgainstWorld.mjs</code></p>
<h3>${checks.recomputed.heading}</h3>
<p>${checks.recomputed.text}</p>
<p class="founding">${checks.recomputed.again} <code>npm test -- ${RECOMPUTING_TESTS.join(' ')}</code></p>`,
  };
}

function medianFacts({ comparisons }: Checks['bristol'], format: Format) {
  const of = (quantity: string) => comparisons.find((each) => each.quantity === quantity)!;
  const text = (value: number | null, digits = 2) => (value === null ? '–' : format.number(value, digits));
  const traffic = comparisons.at(-1)!;
  return {
    pm25: text(of('pm25').median.r2),
    pm25Bias: text(of('pm25').median.bias, 1),
    pm10: text(of('pm10').median.r2),
    above: [of('pm10'), traffic].map(({ median }) => median.daysAbove50),
  };
}

function labelFacts({ lag, lags, correlations }: Checks['dutch']['labels'], format: Format) {
  const at = (of: readonly (number | null)[], place: number) => format.number(of[lags.indexOf(place)] ?? 0, 2);
  return {
    hours: -lag,
    pm25: [at(correlations.pm25, lag), at(correlations.pm25, 0)] as const,
    pm10: [at(correlations.pm10, lag), at(correlations.pm10, 0)] as const,
  };
}

function renderComparison(comparison: Comparison, { words, format, language }: MethodsSpeech): Html {
  const { quantity, station, sensors, median, failing, officialDays } = comparison;
  const { heads, medianOf, failed, caption } = words.checks.bristol;
  const name = quantity === 'pm25' ? words.pm25 : 'PM10';
  const rows = [
    [html`<strong>${medianOf}</strong>`, ...cells(median, format)],
    ...sensors.map((figures) => [figures.sensor, ...cells(figures, format)]),
  ];
  const left = failing.map(({ sensor, days }) => `${sensor} (${days})`).join(', ');
  const columns = [heads.sensor, heads.n, heads.slope, 'R²', heads.bias, heads.above];
  return html`${renderTable(caption(name, station, officialDays), columns, rows, [1, 2, 3, 4, 5])}
<p class="founding" lang="${language}">${failed(left)}</p>`;
}

function cells({ n, slope, r2, bias, daysAbove50 }: CheckedFigures, format: Format): string[] {
  const text = (value: number | null, digits: number) => (value === null ? '–' : format.number(value, digits));
  const { sensor, official, both } = daysAbove50;
  return [String(n), text(slope, 2), text(r2, 2), text(bias, 1), `${sensor} / ${official} / ${both}`];
}

function renderThreeWays(
  { quantity, atOtherStations, atSameStation }: Checks['dutch']['quantities'][number],
  { words, format }: MethodsSpeech,
): Html {
  const { caption, rows, heads } = words.checks.dutch;
  const name = quantity === 'pm25' ? words.pm25 : 'PM10';
  const lines = (['raw', 'corrected', 'rivm'] as const).map((way) => [
    rows[way],
    ...agreement(atOtherStations[way], format),
    ...agreement(atSameStation[way], format),
  ]);
  const columns = [
    heads.way,
    ...[heads.elsewhere, heads.home].flatMap((where) => [`R², ${where}`, `${heads.bias}, ${where}`, `RMSE, ${where}`]),
  ];
  return renderTable(
    caption(name, counts(atOtherStations, format), counts(atSameStation, format)),
    columns,
    lines,
    [1, 2, 3, 4, 5, 6],
  );
}

function counts({ n }: Pick<ThreeWays, 'n'>, format: Format): string {
  return format.number(n, 0);
}

function agreement({ r2, bias, rmse }: Agreement, format: Format): string[] {
  return [r2, bias, rmse].map((value, at) => (value === null ? '–' : format.number(value, at === 0 ? 2 : 1)));
}
