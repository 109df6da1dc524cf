import { distanceMetres } from '../../server/domain/distance.ts';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { Position } from '../../server/domain/station.ts';
import type { MapModel } from '../state/mapModel.ts';
import { appearanceOf, type MapStation } from '../state/station.ts';
import { spokenLine } from '../state/stationWords.ts';
import { OwnPosition } from './ownPosition.tsx';

const NEAR_ZOOM = 14;
/** A station farther away says nothing about the reader's air. */
const NEAR_METRES = 30_000;

/** Moves the map to the reader, so that the nearest valid value is in view too, and says which one it is. */
export function NearMe({ model }: { model: MapModel }) {
  const { t, format } = model.context;
  const show = (reader: Position) => {
    const beside = nearestValid(model, reader)?.station;
    model.reader.value = reader;
    model.flyTo.value = { ...reader, zoom: NEAR_ZOOM, ...(beside && { beside }) };
  };
  const describe = (reader: Position) => {
    const nearest = nearestValid(model, reader);
    if (!nearest) return t.nearMeNone(format.number(NEAR_METRES / 1000, 0));
    const distance = format.number(nearest.metres / 1000, 1);
    return t.nearMeStation({ distance, station: spokenLine(model, nearest.station) });
  };
  return <OwnPosition t={t} label={t.nearMe} options={{ maximumAge: MINUTE_MS }} onPlace={show} describe={describe} />;
}

/** A station without a valid value does not answer how the air is here. */
function nearestValid(model: MapModel, reader: Position) {
  const now = model.valueNow.peek();
  const average = model.average.peek();
  let nearest: { station: MapStation; metres: number } | undefined;
  for (const station of model.store.stations) {
    if (station.isIndoor || appearanceOf(station, now, average) !== 'ok') continue;
    const metres = distanceMetres(reader, station);
    if (metres <= (nearest?.metres ?? NEAR_METRES)) nearest = { station, metres };
  }
  return nearest;
}
