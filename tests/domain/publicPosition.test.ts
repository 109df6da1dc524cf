import { describe, expect, it } from '@jest/globals';
import { distanceMetres } from '../../server/domain/distance.ts';
import { publicPosition } from '../../server/domain/station.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

/** Seven decimals, as a phone gives them: a centimetre. */
const exact = (degrees: number) => Number(degrees.toFixed(7));

/** Places over Europe and its edges, at every grid an owner may choose. */
function* places() {
  const random = randomNumbers(20261126);
  for (let i = 0; i < 20_000; i++) {
    const position = { lat: exact(-60 + random() * 130), lon: exact(-180 + random() * 360) };
    yield { position, positionGridMetres: [100, 200, 250, 333, 1_000, 5_000][i % 6]! };
  }
}

describe('the public position', () => {
  it('is that of its own public position: nothing is left to take away', () => {
    for (const place of places()) {
      const shown = publicPosition(place);
      expect(publicPosition({ ...place, position: shown })).toEqual(shown);
    }
  });

  it('stays on its own side of the date line', () => {
    for (const lat of [-85, -43.951, -16.8, 0, 65]) {
      for (const positionGridMetres of [100, 500, 1_000]) {
        const east = publicPosition({ position: { lat, lon: -179.99999 }, positionGridMetres });
        const west = publicPosition({ position: { lat, lon: 180 }, positionGridMetres });
        expect([east.lon < -179 && east.lon > -180, west.lon > 179 && west.lon < 180]).toEqual([true, true]);
        expect(publicPosition({ position: west, positionGridMetres })).toEqual(west);
      }
    }
  });

  it('is the same for every exact place of a cell, up to a centimetre from its border', () => {
    const random = randomNumbers(7);
    for (const { position, positionGridMetres } of places()) {
      const shown = publicPosition({ position, positionGridMetres });
      const step = positionGridMetres / 100_000;
      const inside = { lat: exact(shown.lat + (random() - 0.5) * (step - 1e-4)), lon: shown.lon };
      expect(publicPosition({ position: inside, positionGridMetres })).toEqual(shown);
    }
    const at = (lat: number, lon: number) => publicPosition({ position: { lat, lon }, positionGridMetres: 100 });
    expect([at(48.1365001, 11.5755), at(48.1374999, 11.5755)]).toEqual([at(48.137, 11.5755), at(48.137, 11.5755)]);
    expect(at(48.1364999, 11.5755).lat).toBe(48.136);
  });

  it('is at most three quarters of a grid step away, and no finer than 100 m whatever is asked', () => {
    for (const place of places()) {
      const metres = distanceMetres(place.position, publicPosition(place));
      expect(metres).toBeLessThan(place.positionGridMetres * 1.113 * 0.75 + 10);
    }
    const position = { lat: 51.4567891, lon: 7.0123456 };
    expect(publicPosition({ position, positionGridMetres: 1 })).toEqual(
      publicPosition({ position, positionGridMetres: 100 }),
    );
  });
});
