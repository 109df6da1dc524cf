import { describe, expect, it } from '@jest/globals';
import { NeighbourIndex } from '../../../server/domain/assessment/neighbourIndex.ts';
import { distanceMetres } from '../../../server/domain/distance.ts';
import { publicPosition } from '../../../server/domain/station.ts';
import { stationOf } from '../../support/stations.ts';

const at = (id: string, lat: number, lon: number) => stationOf(id, { position: { lat, lon } });

describe('the neighbours of a station', () => {
  it('are those within 5 km, the nearest first', () => {
    const stations = [at('here', 51.45, 7), at('far', 51.45, 7.08), at('near', 51.46, 7), at('nearer', 51.455, 7)];
    expect(new NeighbourIndex(stations).near(stations[0]!)).toEqual(['nearer', 'near']);
  });

  it('are active stations of residents outdoors, those equally far in the order of their ids', () => {
    const position = { lat: 51.455, lon: 7 };
    const here = at('here', 51.45, 7);
    const stations = [
      ...['b', 'c', 'a'].map((id) => stationOf(id, { position })),
      stationOf('indoors', { position, isIndoor: true }),
      stationOf('shown-indoors', { position, isIndoor: true, isPublishedIndoor: true }),
      stationOf('pending', { position, status: 'pending' }),
      stationOf('hidden', { position, status: 'hidden' }),
      stationOf('excluded', { position, status: 'excluded' }),
      stationOf('official', { position, reference: { network: 'Umweltbundesamt', type: 'background' } }),
    ];
    expect(new NeighbourIndex([here, ...stations]).near(here)).toEqual(['a', 'b', 'c']);
  });

  it.each([-16.8, 0, 65, 70])('are found wherever they lie around the date line, at %d°', (lat) => {
    const longitudes = Array.from({ length: 41 }, (_, step) => ((179.6 + step * 0.02 + 180) % 360) - 180);
    const stations = longitudes.map((lon, place) => at(`s${place}`, lat, lon));
    const index = new NeighbourIndex(stations);
    for (const here of stations) {
      const near = stations
        .filter((other) => other !== here)
        .flatMap((other) => {
          const metres = distanceMetres(publicPosition(here), publicPosition(other));
          return metres <= 5_000 ? [other.id] : [];
        });
      expect(index.near(here)).toHaveLength(Math.min(10, near.length));
    }
  });
});
