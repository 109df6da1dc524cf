import { Control, DomEvent, DomUtil, type Map as LeafletMap } from 'leaflet';
import { render } from 'preact';
import type { MapModel } from '../state/mapModel.ts';
import { NearMe } from '../views/nearMe.tsx';

/** Puts the button that asks where the reader is above the map's zoom; gives what takes it away. */
export function addNearMe(map: LeafletMap, model: MapModel): () => void {
  const element = DomUtil.create('div', 'near-me');
  DomEvent.disableClickPropagation(element);
  const control = new Control({ position: 'bottomright' });
  control.onAdd = () => element;
  control.addTo(map);
  render(<NearMe model={model} />, element);
  return () => render(null, element);
}
