import { useComputed } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { HUMID_PERCENT, usualAtThisHour, VERY_HUMID_PERCENT } from '../../server/api/pages/station/figures.ts';
import { usualParts } from '../../server/api/pages/station/usualParts.ts';
import { saysDoubtful } from '../../server/domain/assessment/flagWords.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { loadJson } from '../state/loadJson.ts';
import type { MapModel } from '../state/mapModel.ts';
import { neighboursFigure } from '../state/neighbours.ts';
import { StationHistory } from '../state/stationHistory.ts';
import { wordsOf } from '../state/stationWords.ts';
import { ExclusionNotice } from './exclusionNotice.tsx';
import { HistoryView } from './historyView.tsx';
import { Icon } from './icons.tsx';
import { MeansNotice } from './meansNotice.tsx';
import { Snapshots } from './snapshots.tsx';
import { StationFacts } from './stationFacts.tsx';
import { ValueHeadline } from './valueHeadline.tsx';

interface DetailProps {
  model: MapModel;
  stationId: string;
}

/** Everything about one station: value in words, comparison, humidity, course, snapshots, facts. */
export function StationDetail({ model, stationId }: DetailProps) {
  const { context } = model;
  const quantity = model.quantity.value;
  const history = useMemo(() => new StationHistory(stationId, { now: model.now, load: loadJson }), [stationId, model]);
  useEffect(() => void history.open(quantity), [history, quantity]);
  useEffect(() => followHistory(model, history), [model, history]);
  if (history.status.value === 'unknown') return <p class="notice">{context.t.stationUnknown}</p>;
  return (
    <div class="station-detail">
      <ExclusionNotice context={context} history={history} />
      <ValueHeadline model={model} stationId={stationId} history={history} />
      <Comparison model={model} stationId={stationId} history={history} />
      <HumidityNote model={model} history={history} />
      <MeansNotice context={context} history={history} />
      <HistoryView
        context={context}
        history={history}
        quantity={quantity}
        scaleId={model.scale.value}
        now={model.now}
      />
      <Snapshots context={context} history={history} now={model.now} level={3} />
      <StationFacts context={context} history={history} level={3} />
    </div>
  );
}

/** Feeds the station's live readings into its course; returns what ends it. */
export function followHistory(model: MapModel, history: StationHistory): () => void {
  model.live.followStation(history.stationId);
  const stop = model.onReading((reading) => history.take(reading));
  const stopRefetch = model.onRefetch(() => void history.open(model.quantity.peek()));
  const stopRenewing = history.renewWhileBehind();
  return () => {
    stop();
    stopRefetch();
    stopRenewing();
    model.live.followStation(undefined);
  };
}

interface PartProps {
  model: MapModel;
  history: StationHistory;
}

/**
 * Neighbours, and this hour on other days: what a single number needs beside it. Beside a past hour stands nothing that is of
 * another one.
 */
export function Comparison({ model, stationId, history }: PartProps & { stationId: string }) {
  const { t, format } = model.context;
  const quantity = model.quantity.value;
  const neighbours = useComputed(() => {
    void model.store.version.value;
    return neighboursFigure(model, stationId);
  });
  const usual = useComputed(() => {
    const context = { now: model.valueNow.value, clockTime: format.time };
    return model.chosenHour.value === undefined ? usualAtThisHour(history.hoursHere.value, context) : undefined;
  });
  const agreement = history.feature.value?.properties.agreement?.[quantity];
  const isOfShownHour = [undefined, Date.parse(agreement?.hour?.start ?? '') + HOUR_MS].includes(model.hour.value);
  const hour = agreement?.hour?.z === undefined || !isOfShownHour ? undefined : agreement.hour;
  const month = agreement?.month;
  const { bias, state } = agreement?.network ?? {};
  const hasDeviation = state === 'deviates' && bias !== undefined && model.chosenHour.value === undefined;
  if (!neighbours.value && !usual.value && !hour && !month && !hasDeviation) return null;
  return (
    <ul class="comparison">
      {usual.value && (
        <li>{t.usual(usualParts(usual.value, { quantity, value: valueOfHour(model, stationId), format }))}</li>
      )}
      {neighbours.value && <li>{t.neighbours(neighbours.value)}</li>}
      {hour && (
        <li>
          {t.agreement({
            isAgreeing: !hour.flags.includes('unlike-neighbours'),
            stations: hour.stations,
            hour: format.time(Date.parse(hour.start)),
          })}
        </li>
      )}
      {month && (
        <li>
          {t.agreementMonth({
            isAgreeing: month.isAgreeing,
            isAlone: !hour,
            correlation: format.number(month.correlation, 2),
            hours: format.number(month.hours, 0),
          })}
        </li>
      )}
      {hasDeviation && <li>{t.networkDeviates(`${bias > 0 ? '+' : ''}${format.value(quantity, bias)}`)}</li>}
    </ul>
  );
}

/** The figure shown when it is a valid mean of the last 60 minutes: only that compares with an hour of other days. */
function valueOfHour(model: MapModel, stationId: string): number | undefined {
  void model.store.version.value;
  const station = model.store.station(stationId);
  if (station === undefined || model.average.value !== '1h' || model.hour.value !== undefined) return undefined;
  const isValid = wordsOf(model, station).appearance === 'ok';
  return isValid ? (station.value ?? undefined) : undefined;
}

/** Says when humid air makes the value of now doubtful. */
export function HumidityNote({ model, history }: PartProps) {
  const { t, format } = model.context;
  const humidity = history.feature.value?.properties.latest.humidity;
  if (!humidity || humidity.value < HUMID_PERCENT || saysDoubtful(humidity.flags)) return null;
  if (model.chosenHour.value !== undefined) return null;
  const percent = format.value('humidity', humidity.value);
  return (
    <p class="notice is-humid">
      <Icon name="drop" />
      <span>{humidity.value >= VERY_HUMID_PERCENT ? t.veryHumid(percent) : t.humid(percent)}</span>
    </p>
  );
}
