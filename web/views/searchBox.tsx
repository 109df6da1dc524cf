import { useComputed } from '@preact/signals';
import type { MapModel } from '../state/mapModel.ts';
import { findStations } from '../state/search.ts';
import type { MapStation } from '../state/station.ts';
import { wordsOf } from '../state/stationWords.ts';
import { ComboboxField, ComboboxList, ComboboxOption, ComboboxStatus, moveOnArrow, useCombobox } from './combobox.tsx';
import { Icon } from './icons.tsx';

const STATION_ZOOM = 14;

/** Finds stations by name: a combobox with a list, after the ARIA authoring practices. */
export function SearchBox({ model }: { model: MapModel }) {
  const { t } = model.context;
  const box = useCombobox();
  const { query, isOpen, active } = box;
  const results = useComputed(() => findStations(model.store.stations, query.value));
  const choose = (station: MapStation | undefined) => {
    if (!station) return;
    isOpen.value = false;
    query.value = station.name;
    model.showStation(station, STATION_ZOOM);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (moveOnArrow(box, event, results.value.length)) return;
    if (event.key === 'Enter') {
      choose(results.value[active.value]);
      event.preventDefault();
    } else if (event.key === 'Escape') {
      if (!isOpen.value) query.value = '';
      isOpen.value = false;
    }
  };
  const isListed = isOpen.value && query.value.trim() !== '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of 2020 do not know <search>
    <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
      <Icon name="search" />
      <ComboboxField
        box={box}
        name="search"
        count={isListed ? results.value.length : 0}
        class="search-input"
        aria-label={t.search}
        placeholder={t.search}
        onType={() => {
          active.value = 0;
        }}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onKeyDown={onKeyDown}
      />
      <ComboboxList name="search" label={t.search} isHidden={!isListed || results.value.length === 0}>
        {results.value.map((station, i) => (
          <SearchResult
            key={station.id}
            model={model}
            station={station}
            index={i}
            isActive={i === active.value}
            onChoose={choose}
          />
        ))}
      </ComboboxList>
      <ComboboxStatus t={t} count={isListed ? results.value.length : undefined} class="search-nothing">
        {t.searchNothing(query.value)}
      </ComboboxStatus>
    </form>
  );
}

interface ResultProps {
  model: MapModel;
  station: MapStation;
  index: number;
  isActive: boolean;
  onChoose: (station: MapStation) => void;
}

function SearchResult({ model, station, index, isActive, onChoose }: ResultProps) {
  return (
    <ComboboxOption id={`search-${index}`} isActive={isActive} onChoose={() => onChoose(station)}>
      <span>{station.name}</span>
      <span class="search-value">{wordsOf(model, station).value}</span>
    </ComboboxOption>
  );
}
