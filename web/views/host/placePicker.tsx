import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Position, publicCell } from '../../../server/domain/station.ts';
import { formatCoordinates, parseCoordinates } from '../../state/host/coordinates.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { lazily } from '../lazily.tsx';
import { canLocate, OwnPosition } from '../ownPosition.tsx';
import { PlaceSearch } from './placeSearch.tsx';

const PlaceMapView = lazily<PlacePickerProps>(() => import('./placeMapView.tsx').then((module) => module.PlaceMapView));

/** What choosing a place needs: for joining and for moving a station. */
export interface PlacePickerProps {
  context: HostContext;
  position: Position | undefined;
  gridMetres: number;
  /** True when the form was sent without a place. */
  isMissing: boolean;
  onPlace: (position: Position) => void;
}

/** A place by pin, search, coordinates or the device's own position; with the cell that the public sees. */
export function PlacePicker(props: PlacePickerProps) {
  const { t, h, instance } = props.context;
  const hasStreets = instance.mapFile !== undefined || instance.tileUrl !== undefined;
  return (
    <fieldset class="host-fieldset place-picker">
      <legend>{h.positionHeading}</legend>
      <p class="note">{h.positionHelp}</p>
      {instance.places && <PlaceSearch context={props.context} onPlace={props.onPlace} />}
      <PlaceMapView {...props} />
      <PublicCellSentence {...props} />
      {!hasStreets && <p class="note">{h.coarseMap}</p>}
      <CoordinatesField {...props} />
      {canLocate() ? (
        <OwnPosition t={t} label={h.whereIAm} options={{ enableHighAccuracy: true }} onPlace={props.onPlace} />
      ) : (
        <p class="note">{h.whereIAmNeedsHttps}</p>
      )}
    </fieldset>
  );
}

const COORDINATES = 'coordinates';
/** Longer than a press takes, ms. */
const AFTER_PRESS_MS = 300;

/** False when what stands in the form's field for coordinates cannot be any; the field then says so and has the focus. */
export function hasReadablePlace(form: HTMLFormElement | null): boolean {
  const field = form?.querySelector<HTMLInputElement>(`#${COORDINATES}`);
  if (!field || field.checkValidity()) return true;
  field.focus();
  return false;
}

/** What stands in the field for coordinates: a place that was put elsewhere shows there, one that is typed is taken. */
function useTypedPlace({ context: { h }, position, onPlace }: PlacePickerProps) {
  const text = useSignal(position ? formatCoordinates(position) : '');
  const isWrong = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  /** Places that were typed here. */
  const typedHere = useRef(new WeakSet<Position>());
  const isReadable = text.value.trim() === '' || parseCoordinates(text.value) !== undefined;
  // The form asks for this, so that nothing is sent with the place of before while other coordinates stand here.
  useEffect(() => field.current?.setCustomValidity(isReadable ? '' : h.coordinatesWrong), [isReadable, h]);
  useEffect(() => {
    // A pin that was put elsewhere shows here; what is being typed stays as it is, also when the typing is ahead of this.
    if (position && !typedHere.current.has(position)) {
      text.value = formatCoordinates(position);
      isWrong.value = false;
    }
  }, [position, text, isWrong]);
  const take = (typed: string) => {
    text.value = typed;
    const found = parseCoordinates(typed);
    if (found) {
      isWrong.value = false;
      typedHere.current.add(found);
      onPlace(found);
    }
  };
  return { field, text, isWrong, take };
}

/** Coordinates as text: what every browser and every reader can do. */
function CoordinatesField(props: PlacePickerProps) {
  const { context, isMissing } = props;
  const { h } = context;
  const { field, text, isWrong, take } = useTypedPlace(props);
  return (
    <div class="field">
      <label class="field-label" for={COORDINATES}>
        {h.coordinates}
      </label>
      <input
        ref={field}
        id={COORDINATES}
        type="text"
        autocomplete="off"
        spellcheck={false}
        aria-describedby={isWrong.value || isMissing ? 'coordinates-help coordinates-wrong' : 'coordinates-help'}
        aria-invalid={isWrong.value || isMissing}
        value={text}
        onInput={({ currentTarget }) => take(currentTarget.value)}
        onBlur={() => {
          // Not at once: a line more would move the button that is just being pressed from under the finger.
          window.setTimeout(() => {
            isWrong.value = field.current?.validity.customError ?? false;
          }, AFTER_PRESS_MS);
        }}
        onInvalid={() => {
          isWrong.value = true;
        }}
      />
      <p class="note" id="coordinates-help">
        {h.coordinatesHelp}
      </p>
      {(isWrong.value || isMissing) && (
        <p class="field-error" id="coordinates-wrong">
          {isWrong.value ? h.coordinatesWrong : h.positionMissing}
        </p>
      )}
    </div>
  );
}

/** In words what the map draws: the square that stands for the place. */
function PublicCellSentence({ context, position, gridMetres }: PlacePickerProps) {
  const { h } = context;
  if (!position) return null;
  const cell = publicCell({ position, positionGridMetres: gridMetres });
  const coordinates = `${cell.lat.toFixed(4)}, ${cell.lon.toFixed(4)}`;
  return <p class="public-cell">{h.publicCell({ metres: h.precisionOf(gridMetres), coordinates })}</p>;
}
