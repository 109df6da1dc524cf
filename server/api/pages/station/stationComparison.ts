import type { Agreement } from '../../../live/agreements.ts';
import { type Html, html } from '../html.ts';
import { NEIGHBOUR_RADIUS_M } from './figures.ts';
import type { Speech } from './stationSpeech.ts';
import type { StationView } from './stationView.ts';
import { usualParts } from './usualParts.ts';

/** Neighbours now, agreement with them, and this hour on other days: what a single number needs beside it. */
export function renderComparison(view: StationView, speech: Speech): Html | undefined {
  const { neighbours, usual, quantity, agreement } = view;
  const { texts, format } = speech;
  const radius = `${format.number(NEIGHBOUR_RADIUS_M / 1000, 0)}\u202fkm`;
  const near = neighbours && { count: neighbours.count, radius, median: format.value(quantity, neighbours.median) };
  const sentences = [
    ...(usual ? [texts.usual(usualParts(usual, { quantity, value: valueOfHour(view), format }))] : []),
    ...(near ? [texts.neighbours(near)] : []),
    ...(agreement ? agreementSentences(agreement, view, speech) : []),
  ];
  if (sentences.length === 0) return undefined;
  return html`<ul class="comparison">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

/** The figure of the page when it is a valid mean of the last 60 minutes: only that compares with an hour. */
function valueOfHour({ average, state, aggregate }: StationView): number | undefined {
  return average === '1h' && state === 'ok' ? (aggregate?.value ?? undefined) : undefined;
}

function agreementSentences(
  { hour, month, network }: Agreement,
  { quantity }: Pick<StationView, 'quantity'>,
  { texts, format }: Speech,
): string[] {
  const judged = hour?.z === undefined ? undefined : hour;
  const ofHour = judged && {
    isAgreeing: !judged.flags.includes('unlike-neighbours'),
    stations: judged.stations,
    hour: format.time(judged.start),
  };
  const ofMonth = month && {
    isAgreeing: month.isAgreeing,
    isAlone: judged === undefined,
    correlation: format.number(month.correlation, 2),
    hours: format.number(month.hours, 0),
  };
  const bias = network?.state === 'deviates' ? network.bias : undefined;
  return [
    ...(ofHour ? [texts.agreement(ofHour)] : []),
    ...(ofMonth ? [texts.agreementMonth(ofMonth)] : []),
    ...(bias === undefined ? [] : [texts.networkDeviates(`${bias > 0 ? '+' : ''}${format.value(quantity, bias)}`)]),
  ];
}
