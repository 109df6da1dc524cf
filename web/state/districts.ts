import { useSignal } from '@preact/signals';
import type { FeatureCollection, Geometry } from 'geojson';
import { useEffect, useRef } from 'preact/hooks';
import { boxOf, type Polygon } from '../../server/domain/area.ts';
import type { Box } from '../../server/domain/distance.ts';
import { loadJson } from './loadJson.ts';

/** One of the operator's districts, as the search offers it. */
export interface District {
  id: string;
  name: string;
  box: Box;
}

/**
 * The operator's districts, fetched once something is typed; undefined until they are there, and where there are none. What
 * failed is tried again at the next letter.
 */
export function useDistricts(url: string | undefined, typed: string): District[] | undefined {
  const districts = useSignal<District[] | undefined>(undefined);
  const isAsked = useRef(false);
  useEffect(() => {
    if (url === undefined || typed === '' || isAsked.current) return;
    isAsked.current = true;
    loadJson(url).then(
      (outlines) => {
        districts.value = districtsOf(outlines as FeatureCollection);
      },
      (error: unknown) => {
        isAsked.current = false;
        console.warn('The districts could not be fetched', error);
      },
    );
  }, [url, typed, districts]);
  return districts.value;
}

/** Districts with the boxes around their outlines; features of other kinds are left out. */
export function districtsOf({ features }: FeatureCollection): District[] {
  return features.flatMap(({ geometry, properties }) => {
    const polygons = polygonsOf(geometry);
    return polygons.length === 0 ? [] : [{ id: properties?.id, name: properties?.name, box: boxOf(polygons) }];
  });
}

function polygonsOf(geometry: Geometry): readonly Polygon[] {
  if (geometry.type === 'Polygon') return [geometry.coordinates as unknown as Polygon];
  return geometry.type === 'MultiPolygon' ? (geometry.coordinates as unknown as Polygon[]) : [];
}
