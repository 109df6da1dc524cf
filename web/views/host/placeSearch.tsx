import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Position } from '../../../server/domain/station.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { callApi } from '../../state/host/ownApi.ts';
import {
  type Combobox,
  ComboboxField,
  ComboboxList,
  ComboboxOption,
  ComboboxStatus,
  moveOnArrow,
  useCombobox,
} from '../combobox.tsx';
import { Icon } from '../icons.tsx';

/** A pause in typing after which the server is asked, ms. */
const PAUSE_MS = 150;
const MIN_LETTERS = 2;

interface Found {
  name: string;
  kind: 'place' | 'postcode' | 'street' | 'other';
  lat: number;
  lon: number;
  context?: string;
  postcode?: string;
}

/** Finds places of the operator's file: a combobox with a list, after the ARIA authoring practices. */
export function PlaceSearch({ context, onPlace }: { context: HostContext; onPlace: (position: Position) => void }) {
  const { t, h, instance } = context;
  const box = useCombobox();
  const { query, isOpen, active } = box;
  const answer = useFoundPlaces(box);
  const isListed = isOpen.value && answer !== undefined;
  const found = answer ?? [];
  const choose = (place: Found | undefined) => {
    if (!place) return;
    isOpen.value = false;
    query.value = place.name;
    onPlace({ lat: place.lat, lon: place.lon });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (moveOnArrow(box, event, found.length)) return;
    if (event.key === 'Enter') {
      if (isListed) choose(found[active.value]);
      // The form is not to be sent from here.
      event.preventDefault();
    } else if (event.key === 'Escape') isOpen.value = false;
  };
  return (
    <div class="field place-search">
      <label class="field-label" for="place-search">
        {h.searchPlace}
      </label>
      <div class="place-search-box">
        <Icon name="search" />
        <ComboboxField
          box={box}
          name="place"
          count={isListed ? found.length : 0}
          id="place-search"
          onKeyDown={onKeyDown}
        />
        <ComboboxList name="place" label={h.searchPlace} isHidden={!isListed || found.length === 0}>
          {found.map((place, i) => (
            <ComboboxOption
              key={`${place.name} ${place.lat} ${place.lon}`}
              id={`place-${i}`}
              isActive={i === active.value}
              onChoose={() => choose(place)}
            >
              <span>{place.name}</span>
              <span class="place-context">{whereabouts(place) || h.placeKind[place.kind]}</span>
            </ComboboxOption>
          ))}
        </ComboboxList>
      </div>
      <ComboboxStatus t={t} count={isListed ? found.length : undefined} class="note">
        {h.searchPlaceNothing(query.value.trim())}
      </ComboboxStatus>
      {instance.places?.credit && <p class="note">{instance.places.credit}</p>}
    </div>
  );
}

/** What the server found for what is typed, asked when typing pauses; undefined while it has not answered that. */
function useFoundPlaces({ query, active }: Combobox): Found[] | undefined {
  const last = useSignal<{ asked: string; found: Found[] } | undefined>(undefined);
  const text = query.value.trim();
  useEffect(() => {
    if (text.length < MIN_LETTERS) return undefined;
    const timer = setTimeout(async () => {
      const found = await findPlaces(text);
      if (found === undefined || query.peek().trim() !== text) return;
      last.value = { asked: text, found };
      active.value = 0;
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, query, last, active]);
  return text.length >= MIN_LETTERS && last.value?.asked === text ? last.value.found : undefined;
}

function whereabouts({ name, postcode, context }: Found): string {
  return [postcode !== name && postcode, context].filter(Boolean).join(' ');
}

async function findPlaces(text: string): Promise<Found[] | undefined> {
  try {
    const answer = (await callApi('GET', `/api/v1/places?q=${encodeURIComponent(text)}`)) as { places: Found[] };
    return answer.places;
  } catch (error) {
    // Map and coordinates still work; the next letter asks again.
    console.warn('The search for places failed', error);
    return undefined;
  }
}
