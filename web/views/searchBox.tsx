import { useComputed, useSignal } from '@preact/signals';
import type { Messages, SearchScope } from '../i18n/messages.ts';
import { useDistricts } from '../state/districts.ts';
import { useFoundPlaces, whereabouts } from '../state/foundPlaces.ts';
import type { MapModel } from '../state/mapModel.ts';
import { findByName } from '../state/search.ts';
import { areaPath } from '../state/stationLinks.ts';
import { wordsOf } from '../state/stationWords.ts';
import {
  type Combobox,
  ComboboxField,
  ComboboxList,
  ComboboxOption,
  ComboboxStatus,
  moveOnArrow,
  useCombobox,
} from './combobox.tsx';
import { Icon } from './icons.tsx';

const STATION_ZOOM = 14;
/** So near a place is shown: a town whole, a street with its neighbours. */
const PLACE_ZOOM = { place: 12, postcode: 13, street: 15, other: 14 } as const;
/** More districts than these would push places out of sight. */
const MAX_DISTRICTS = 4;

/** One line of the list. */
interface Result {
  key: string;
  name: string;
  /** Beside the name: a station's value, what kind of place it is. */
  note: string;
  show: () => void;
  /** Of a district, which has a page of its own. */
  areaId?: string;
}

/** Finds stations and districts by name, and places where the operator has a file of them: a combobox with a list, after the ARIA authoring practices. */
export function SearchBox({ model }: { model: MapModel }) {
  const { t } = model.context;
  const scope = scopeOf(model);
  const box = useCombobox();
  const { query, isOpen, active } = box;
  const chosen = useSignal<Result | undefined>(undefined);
  const { results, isComplete } = useResults(model, box);
  const choose = (result: Result) => {
    isOpen.value = false;
    query.value = result.name;
    chosen.value = result;
    result.show();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (moveOnArrow(box, event, results.length)) return;
    if (event.key === 'Enter') {
      const result = results[active.value];
      if (result) choose(result);
      event.preventDefault();
    } else if (event.key === 'Escape') {
      if (!isOpen.value) query.value = '';
      isOpen.value = false;
    }
  };
  const isListed = isOpen.value && query.value.trim() !== '' && (results.length > 0 || isComplete);
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of 2020 do not know <search>
    <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
      <Icon name="search" />
      <ComboboxField
        box={box}
        name="search"
        count={isListed ? results.length : 0}
        class="search-input"
        aria-label={t.search[scope]}
        placeholder={t.search[scope]}
        onType={() => {
          active.value = 0;
        }}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onKeyDown={onKeyDown}
      />
      <ComboboxList name="search" label={t.search[scope]} isHidden={!isListed || results.length === 0}>
        {results.map((result, i) => (
          <ComboboxOption
            key={result.key}
            id={`search-${i}`}
            isActive={i === active.value}
            onChoose={() => choose(result)}
          >
            <span>{result.name}</span>
            <span class="search-value">{result.note}</span>
          </ComboboxOption>
        ))}
      </ComboboxList>
      <ComboboxStatus t={t} count={isListed ? results.length : undefined} class="search-nothing">
        {t.searchNothing[scope](query.value)}
      </ComboboxStatus>
      <PageOfFound t={t} chosen={isListed || chosen.value?.name !== query.value ? undefined : chosen.value} />
    </form>
  );
}

/** The way on to the page of a district that the map just went to. */
function PageOfFound({ t, chosen }: { t: Messages; chosen: Result | undefined }) {
  return (
    <div role="status">
      {chosen?.areaId && (
        <a class="search-found" href={areaPath(chosen.areaId, location.search)}>
          {t.searchAreaPage(chosen.name)}
        </a>
      )}
    </div>
  );
}

function scopeOf({ context: { instance } }: MapModel): SearchScope {
  if (instance.places !== undefined) return 'places';
  return instance.districtsUrl === undefined ? 'stations' : 'areas';
}

/** What fits the text so far; `isComplete` once everything was looked through, so that it can be said that there is nothing. */
function useResults(model: MapModel, { query }: Combobox): { results: Result[]; isComplete: boolean } {
  const { t, instance } = model.context;
  const stations = useComputed(() => findByName(model.store.stations, query.value));
  const districts = useDistricts(instance.districtsUrl, query.value.trim());
  const places = useFoundPlaces(query, instance.places !== undefined);
  const results = [
    ...stations.value.map((station) => ({
      ...{ key: station.id, name: station.name, note: wordsOf(model, station).value },
      show: () => model.showStation(station, STATION_ZOOM),
    })),
    ...findByName(districts ?? [], query.value, MAX_DISTRICTS).map(({ id, name, box }) => ({
      ...{ key: `district ${id}`, name, note: t.searchArea, areaId: id },
      show: () => model.goTo({ box }),
    })),
    ...(places ?? []).map((place) => ({
      ...{ key: `${place.name} ${place.lat} ${place.lon}`, name: place.name },
      note: whereabouts(place) || t.placeKind[place.kind],
      show: () => model.goTo({ lat: place.lat, lon: place.lon, zoom: PLACE_ZOOM[place.kind] }),
    })),
  ];
  const isComplete =
    (districts !== undefined || instance.districtsUrl === undefined) &&
    (places !== undefined || instance.places === undefined);
  return { results, isComplete };
}
