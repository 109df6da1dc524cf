import { useComputed } from '@preact/signals';
import { type FoundPlace, useFoundPlaces, whereabouts } from '../state/foundPlaces.ts';
import type { MapModel } from '../state/mapModel.ts';
import { findStations } from '../state/search.ts';
import type { MapStation } from '../state/station.ts';
import { wordsOf } from '../state/stationWords.ts';
import { ComboboxField, ComboboxList, ComboboxOption, ComboboxStatus, moveOnArrow, useCombobox } from './combobox.tsx';
import { Icon } from './icons.tsx';

const STATION_ZOOM = 14;
/** So near a place is shown: a town whole, a street with its neighbours. */
const PLACE_ZOOM = { place: 12, postcode: 13, street: 15, other: 14 } as const;

/** Finds stations by name, and places where the operator has a file of them: a combobox with a list, after the ARIA authoring practices. */
export function SearchBox({ model }: { model: MapModel }) {
  const { t, instance } = model.context;
  const hasPlaces = instance.places !== undefined;
  const box = useCombobox();
  const { query, isOpen, active } = box;
  const results = useComputed(() => findStations(model.store.stations, query.value));
  const answer = useFoundPlaces(query, hasPlaces);
  const places = answer ?? [];
  const count = results.value.length + places.length;
  const take = (name: string) => {
    isOpen.value = false;
    query.value = name;
  };
  const choose = (station: MapStation) => {
    take(station.name);
    model.showStation(station, STATION_ZOOM);
  };
  const goTo = ({ name, kind, lat, lon }: FoundPlace) => {
    take(name);
    model.goTo({ lat, lon, zoom: PLACE_ZOOM[kind] });
  };
  const chooseActive = () => {
    const station = results.value[active.value];
    const place = places[active.value - results.value.length];
    if (station) choose(station);
    else if (place) goTo(place);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (moveOnArrow(box, event, count)) return;
    if (event.key === 'Enter') {
      chooseActive();
      event.preventDefault();
    } else if (event.key === 'Escape') {
      if (!isOpen.value) query.value = '';
      isOpen.value = false;
    }
  };
  const isOpened = isOpen.value && query.value.trim() !== '';
  // That there is nothing is said when the places have been asked for too.
  const isListed = isOpened && (count > 0 || answer !== undefined || !hasPlaces);
  const label = hasPlaces ? t.searchWithPlaces : t.search;
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of 2020 do not know <search>
    <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
      <Icon name="search" />
      <ComboboxField
        box={box}
        name="search"
        count={isListed ? count : 0}
        class="search-input"
        aria-label={label}
        placeholder={label}
        onType={() => {
          active.value = 0;
        }}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onKeyDown={onKeyDown}
      />
      <ComboboxList name="search" label={label} isHidden={!isListed || count === 0}>
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
        {places.map((place, i) => (
          <ComboboxOption
            key={`${place.name} ${place.lat} ${place.lon}`}
            id={`search-${results.value.length + i}`}
            isActive={results.value.length + i === active.value}
            onChoose={() => goTo(place)}
          >
            <span>{place.name}</span>
            <span class="search-value">{whereabouts(place) || t.placeKind[place.kind]}</span>
          </ComboboxOption>
        ))}
      </ComboboxList>
      <ComboboxStatus t={t} count={isListed ? count : undefined} class="search-nothing">
        {hasPlaces ? t.searchNothingWithPlaces(query.value) : t.searchNothing(query.value)}
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
