import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MapModel } from '../state/mapModel.ts';
import { hostPath } from '../state/stationLinks.ts';
import { StationMap } from '../stationMap.tsx';
import { LayerPanel } from './layerPanel.tsx';
import { lazily } from './lazily.tsx';

const StationSheet = lazily(async () => (await import('./stationSheet.tsx')).StationSheet);
const StationTable = lazily(async () => (await import('./stationTable.tsx')).StationTable);

/** Map or table, the panel that says what is shown, and the chosen station. */
export function MapPage({ model }: { model: MapModel }) {
  const said = useSignal('');
  const isTable = model.view.value === 'table';
  // The map is built when it is first looked at, and then kept, so that switching back finds it as it was.
  const hasMap = useSignal(!isTable);
  useEffect(() => {
    if (!isTable) hasMap.value = true;
  }, [isTable, hasMap]);
  const selectedId = model.selectedId.value;
  useEffect(
    () => model.loading.subscribe((loading) => (said.value = loading === 'kept' ? keptWords(model) : '')),
    [model, said],
  );
  const linkedId = useRef(selectedId);
  if (selectedId !== linkedId.current) linkedId.current = undefined;
  return (
    <div class={`map-page ${isTable ? 'is-table' : ''} ${selectedId ? 'has-sheet' : ''}`}>
      <div class="map-area" hidden={isTable}>
        {hasMap.value && <StationMap model={model} said={said} />}
      </div>
      <LayerPanel model={model} />
      {isTable && <StationTable model={model} />}
      <StateNotice model={model} isTable={isTable} />
      {selectedId && <StationSheet model={model} stationId={selectedId} takesFocus={selectedId !== linkedId.current} />}
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}

/** What is still shown, as what was asked for cannot be had. */
function keptWords(model: MapModel): string {
  const { t, nameOf, format } = model.context;
  const average = model.hour.value === undefined ? t.averageShort[model.average.value] : t.clockHour;
  return t.keptState({
    layer: `${nameOf(model.quantity.value)} (${average})`,
    time: format.dateTime(model.stateAt.value ?? 0),
  });
}

/** What keeps the map from showing the present: still loading, an earlier visit's state, or nothing at all. */
function StateNotice({ model, isTable }: { model: MapModel; isTable: boolean }) {
  const { t, format } = model.context;
  const text = () => {
    switch (model.loading.value) {
      case 'loading':
        return model.live.state.value.kind === 'lost' ? t.loadFailed : t.loadingMap;
      case 'stored': {
        const at = model.stateAt.value ?? 0;
        return t.storedState({ time: format.dateTime(at), ago: t.ago((model.now.value - at) / 1000) });
      }
      case 'kept':
        return keptWords(model);
      case 'ready':
        return '';
    }
  };
  const words = text();
  if (words) return <p class={`state-notice is-${model.loading.value}`}>{words}</p>;
  // The table says it itself, where its rows would be.
  if (isTable || !model.store.version.value || model.store.stations.length > 0) return null;
  return (
    <p class="state-notice">
      {t.noStations} <a href={hostPath(location.search)}>{t.joinLink}</a>
    </p>
  );
}
