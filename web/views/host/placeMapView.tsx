import '../../styles/placeMap.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PlaceMap } from '../../map/placeMap.ts';
import { formatCoordinates } from '../../state/host/coordinates.ts';
import type { PlacePickerProps } from './placePicker.tsx';

/** The map with the pin. Loaded when the form is there: the map is the largest part of the page. */
export function PlaceMapView({ context, position, gridMetres, onPlace }: PlacePickerProps) {
  const { h, theme } = context;
  const element = useRef<HTMLDivElement>(null);
  const map = useRef<PlaceMap | undefined>(undefined);
  const place = useRef(onPlace);
  place.current = onPlace;
  const said = useSignal('');
  useEffect(() => {
    if (!element.current) return undefined;
    const view = new PlaceMap(element.current, {
      context,
      onPlace: (put) => {
        said.value = h.pinSaid(formatCoordinates(put));
        place.current(put);
      },
    });
    map.current = view;
    view.start();
    return () => {
      map.current = undefined;
      view.close();
    };
  }, [context, h, said]);
  useEffect(() => map.current?.show(position, gridMetres), [position, gridMetres]);
  const look = theme.inForce.value;
  useEffect(() => map.current?.themeChanged(), [look]);
  return (
    <div>
      <div
        ref={element}
        class="place-map"
        role="application"
        aria-label={h.placeMap}
        aria-describedby="place-map-help"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the pin
        tabIndex={0}
      />
      <p class="note" id="place-map-help">
        {h.placeMapHelp}
      </p>
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}
