import type { Position } from '../../../server/domain/station.ts';
import { type FoundPlace, useFoundPlaces, whereabouts } from '../../state/foundPlaces.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { ComboboxField, ComboboxList, ComboboxOption, ComboboxStatus, moveOnArrow, useCombobox } from '../combobox.tsx';
import { Icon } from '../icons.tsx';

/** Finds places of the operator's file: a combobox with a list, after the ARIA authoring practices. */
export function PlaceSearch({ context, onPlace }: { context: HostContext; onPlace: (position: Position) => void }) {
  const { t, h, instance } = context;
  const box = useCombobox();
  const { query, isOpen, active } = box;
  const answer = useFoundPlaces(query);
  const isListed = isOpen.value && answer !== undefined;
  const found = answer ?? [];
  const choose = (place: FoundPlace | undefined) => {
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
          onType={() => {
            active.value = 0;
          }}
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
              <span class="place-context">{whereabouts(place) || t.placeKind[place.kind]}</span>
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
