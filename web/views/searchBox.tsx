import { useComputed, useSignal } from '@preact/signals';
import type { MapModel } from '../state/mapModel.ts';
import { findStations } from '../state/search.ts';
import type { MapStation } from '../state/station.ts';
import { wordsOf } from '../state/stationWords.ts';
import { Icon } from './icons.tsx';

const STATION_ZOOM = 14;

/** Finds stations by name: a combobox with a list, after the ARIA authoring practices. */
export function SearchBox({ model }: { model: MapModel }) {
  const { t } = model.context;
  const query = useSignal('');
  const isOpen = useSignal(false);
  const active = useSignal(0);
  const results = useComputed(() => findStations(model.store.stations, query.value));
  const choose = (station: MapStation | undefined) => {
    if (!station) return;
    isOpen.value = false;
    query.value = station.name;
    model.showStation(station, STATION_ZOOM);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = results.value.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      isOpen.value = true;
      active.value = count === 0 ? 0 : (active.value + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
      event.preventDefault();
    } else if (event.key === 'Enter') {
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
      <input
        type="text"
        role="combobox"
        class="search-input"
        aria-label={t.search}
        aria-expanded={isListed && results.value.length > 0}
        aria-controls="search-results"
        aria-autocomplete="list"
        aria-activedescendant={isListed && results.value[active.value] ? `search-${active.value}` : undefined}
        placeholder={t.search}
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
          isOpen.value = true;
          active.value = 0;
        }}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onBlur={() => {
          isOpen.value = false;
        }}
        onKeyDown={onKeyDown}
      />
      <div
        class="search-results"
        id="search-results"
        role="listbox"
        aria-label={t.search}
        hidden={!isListed || results.value.length === 0}
      >
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
      </div>
      {isListed && results.value.length === 0 && <p class="search-nothing">{t.searchNothing(query.value)}</p>}
      <p class="visually-hidden" role="status">
        {isListed
          ? results.value.length > 0
            ? t.searchResults(results.value.length)
            : t.searchNothing(query.value)
          : ''}
      </p>
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
    // The list keeps focus in the field, which names the active option: it takes the keys, this only the pointer.
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
    <div
      id={`search-${index}`}
      role="option"
      aria-selected={isActive}
      class={isActive ? 'is-active' : undefined}
      onPointerDown={(event) => {
        event.preventDefault();
        onChoose(station);
      }}
    >
      <span>{station.name}</span>
      <span class="search-value">{wordsOf(model, station).value}</span>
    </div>
  );
}
