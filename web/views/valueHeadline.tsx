import { useComputed } from '@preact/signals';
import { stateSentences } from '../../server/api/pages/station/stateSentences.ts';
import { objectionTo } from '../../server/domain/assessment/flagWords.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { decimalsOf } from '../../server/domain/format.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import type { MapModel } from '../state/mapModel.ts';
import type { MapStation } from '../state/station.ts';
import type { StationHistory } from '../state/stationHistory.ts';
import { type StationWords, wordsOf } from '../state/stationWords.ts';
import { Swatch } from './legend.tsx';

interface HeadlineProps {
  model: MapModel;
  stationId: string;
  history: StationHistory;
}

/** The value, large, with its class in words, and sentences that say what it is and what it rests on. */
export function ValueHeadline({ model, stationId, history }: HeadlineProps) {
  const { context } = model;
  const { t, nameOf, language } = context;
  const latest = history.feature.value?.properties.latest[model.quantity.value];
  const objection = objectionTo(latest?.flags ?? [], language);
  const shown = useComputed(() => {
    void model.store.version.value;
    const station = model.store.station(stationId);
    // A fresh object: stations are changed in place and would look the same as before.
    return station && { station: { ...station }, words: wordsOf(model, station) };
  });
  if (!shown.value) return <p class="value-headline">{model.loading.value === 'loading' ? t.loadingStation : ''}</p>;
  const { station, words } = shown.value;
  const quantity = model.quantity.value;
  const average = model.average.value;
  const isOfficial = station.kind === 'reference';
  const hour = model.hour.value;
  const officialLabel = station.value === null ? t.kind.reference : t.officialHour;
  const liveLabel = isOfficial ? officialLabel : t.average[average];
  return (
    <div class={`value-headline is-${words.appearance}`}>
      <p class="value-label">
        {nameOf(quantity)}, {hour === undefined ? liveLabel : t.hourFrom(hourInWords(model, hour - HOUR_MS))}
      </p>
      <p class="value-figure">
        <Figure model={model} station={station} />
        <ClassChip words={words} />
      </p>
      {stateSentences(t, words.appearance, hour === undefined ? objection : undefined).map((sentence) => (
        <p key={sentence} class="value-state">
          {sentence}
        </p>
      ))}
      <p class="value-basis">
        {average !== 'latest' && station.count > 0 && !isOfficial && `${coverageSentence(model, station)} `}
        {hour === undefined &&
          `${station.lastSeenAt === null ? t.neverSeen(nameOf(quantity)) : t.lastSeen(words.age)}.`}
      </p>
      {quantity === 'pm10' && <p class="note">{t.pm10Note}</p>}
      <p class="note">{t.onlyParticulates}</p>
    </div>
  );
}

/** A chosen hour may be of another day; classes are of the last one. */
function hourInWords({ context: { format }, chosenHour }: MapModel, start: number): string {
  return chosenHour.value === undefined ? format.time(start) : `${format.day(start)}, ${format.time(start)}`;
}

function Figure({ model, station }: { model: MapModel; station: MapStation }) {
  const quantity = model.quantity.value;
  if (station.value === null) return <span class="figure-number">–</span>;
  return (
    <>
      <span class="figure-number">{model.context.format.number(station.value, decimalsOf(quantity))}</span>{' '}
      <span class="figure-unit">{UNITS[quantity]}</span>
    </>
  );
}

/** The class of a valid value; the reason why there is none otherwise. */
function ClassChip({ words }: { words: StationWords }) {
  return (
    <span class="class-chip">
      {words.band && <Swatch band={words.band} />}
      {words.band ? words.bandName : words.state}
    </span>
  );
}

function coverageSentence(model: MapModel, station: MapStation): string {
  const { t, format } = model.context;
  return t.coverageSentence({
    count: format.number(station.count, 0),
    expected: format.number(Math.max(station.count, Math.round(station.count / Math.max(station.coverage, 0.01))), 0),
    percent: format.percent(station.coverage),
  });
}
