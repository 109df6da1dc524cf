import type { Agreement } from '../../live/agreements.ts';
import { NEIGHBOUR_RADIUS_M } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Speech } from './stationSpeech.ts';
import type { StationView } from './stationView.ts';

/** Neighbours now, agreement with them, and this hour on other days: what a single number needs beside it. */
export function renderComparison(view: StationView, speech: Speech): Html | undefined {
  const { neighbours, usual, quantity, agreement } = view;
  const { texts, format } = speech;
  const radius = `${format.number(NEIGHBOUR_RADIUS_M / 1000, 0)}\u202fkm`;
  const near = neighbours && { count: neighbours.count, radius, median: format.value(quantity, neighbours.median) };
  const often = usual && {
    median: format.value(quantity, usual.median),
    days: usual.days,
    hour: format.time(usual.hour),
  };
  const sentences = [
    ...(near ? [texts.neighbours(near)] : []),
    ...(agreement ? agreementSentences(agreement, view, speech) : []),
    ...(often ? [texts.usual(often)] : []),
  ];
  if (sentences.length === 0) return undefined;
  return html`<ul class="comparison">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
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
