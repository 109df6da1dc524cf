import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { printedNote } from '../../server/domain/printedNote.ts';
import { PERIODS } from '../state/history.ts';
import type { MapModel } from '../state/mapModel.ts';
import type { StationHistory } from '../state/stationHistory.ts';
import { mapPath } from '../state/stationLinks.ts';
import { ConnectionStatus } from './connectionStatus.tsx';
import { DayNotices } from './dayNotices.tsx';
import { ExclusionNotice } from './exclusionNotice.tsx';
import { HistorySection } from './historyView.tsx';
import { LayerChoices } from './layerPanel.tsx';
import { MeansNotice } from './meansNotice.tsx';
import { ShareButton } from './shareButton.tsx';
import { Snapshots } from './snapshots.tsx';
import { Comparison, followHistory, HumidityNote } from './stationDetail.tsx';
import { StationFacts } from './stationFacts.tsx';
import { ValueHeadline } from './valueHeadline.tsx';

/** What the server says of the station in its page. */
export interface StationStart {
  id: string;
  name: string;
  lat: number;
  lon: number;
}

interface StationPageProps {
  model: MapModel;
  history: StationHistory;
  start: StationStart;
  /** Sections of the server's page that change once an hour or a day, and stay as they were written. */
  kept?: { days?: Element | undefined; indices?: Element | undefined };
  /** True while these are not up to date. */
  isKeptBehind: ReadonlySignal<boolean>;
}

/** A station on its own page, live. The same order as the server writes it. */
export function StationPage({ model, history, start, kept, isKeptBehind }: StationPageProps) {
  const { context } = model;
  const { t } = context;
  const quantity = model.quantity.value;
  const opened = useRef(quantity);
  useEffect(() => followHistory(model, history), [model, history]);
  useEffect(() => {
    // The entry has opened the first quantity already.
    if (opened.current !== quantity) void history.open(quantity);
    opened.current = quantity;
  }, [history, quantity]);
  return (
    <>
      <StationTop model={model} start={start} />
      <ExclusionNotice context={context} history={history} />
      <DayNotices model={model} />
      <div class="station-columns">
        <div class="station-main">
          <ValueHeadline model={model} stationId={start.id} history={history} />
          <Comparison model={model} stationId={start.id} history={history} />
          <HumidityNote model={model} history={history} />
          <MeansNotice context={context} history={history} isKeptBehind={isKeptBehind.value} />
          {PERIODS.map((period) => (
            <HistorySection
              key={period}
              id={`history-${period}`}
              heading={t.historyOf[period]}
              period={period}
              level={2}
              context={context}
              history={history}
              quantity={quantity}
              scaleId={model.scale.value}
              now={model.now}
            />
          ))}
          {kept?.days && <KeptSection element={kept.days} />}
        </div>
        <div class="station-side">
          <Snapshots context={context} history={history} now={model.now} level={2} />
          {kept?.indices && <KeptSection element={kept.indices} />}
          <LayerChoices model={model} />
          <StationFacts context={context} history={history} level={2} />
        </div>
      </div>
      <PrintedNote model={model} />
    </>
  );
}

/** The name, and what can be done with the page. */
function StationTop({ model, start }: { model: MapModel; start: StationStart }) {
  const { context } = model;
  return (
    <div class="station-top">
      <h1>{start.name}</h1>
      <p class="station-links">
        <a class="button" href={mapPath(start.id, location.search)}>
          {context.t.showOnMap}
        </a>
        <ShareButton context={context} path={location.pathname + location.search} title={start.name} />
        <ConnectionStatus model={model} />
      </p>
    </div>
  );
}

/** Of when the page is, once it is on paper; a view of its own, since time goes on. */
function PrintedNote({ model }: { model: MapModel }) {
  return <p class="printed-note">{printedNote(model.now.value, location.href, model.context)}</p>;
}

/** Puts an element of the server's page into the live one. */
function KeptSection({ element }: { element: Element }) {
  const slot = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => slot.current?.append(element), [element]);
  return <div ref={slot} />;
}
