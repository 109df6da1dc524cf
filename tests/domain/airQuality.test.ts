import { describe, expect, it } from '@jest/globals';
import {
  bandFor,
  bandsOf,
  classInWords,
  offeredScales,
  SCALE_IDS,
  scales,
  scaleTitle,
} from '../../server/domain/airQuality.ts';
import { contrast, luminance } from '../../server/domain/indices/palettes.ts';
import { QUANTITIES } from '../../server/domain/quantity.ts';

describe('bandFor', () => {
  it.each([
    ['lqi-2025', 'pm25', 0, 'sehr gut'],
    ['lqi-2025', 'pm25', 5.4, 'sehr gut'],
    ['lqi-2025', 'pm25', 5.5, 'gut'],
    ['lqi-2025', 'pm25', 50.49, 'schlecht'],
    ['lqi-2025', 'pm25', 50.5, 'sehr schlecht'],
    ['lqi-2025', 'pm10', 9.49, 'sehr gut'],
    ['lqi-2025', 'pm10', 9.5, 'gut'],
    ['eaqi-2024', 'pm25', 140.5, 'Extrem schlecht'],
    ['eaqi-2024', 'pm10', 15, 'Gut'],
    ['us-aqi-2024', 'pm25', 9.09, 'Gut'],
    ['us-aqi-2024', 'pm25', 9.1, 'Mäßig'],
    ['us-aqi-2024', 'pm25', 9999, 'Gefährlich'],
    ['us-aqi-2024', 'pm10', 54.9, 'Gut'],
    ['neutral', 'pm25', 5, 'bis 5'],
    ['neutral', 'pm25', 5.04, 'bis 5'],
    ['neutral', 'pm25', 5.05, 'über 5 bis 10'],
    ['neutral', 'pm10', 161, 'über 160'],
    ['neutral', 'temperature', -12, 'bis 0'],
    ['neutral', 'humidity', 85.1, 'über 85'],
  ] as const)('%s, %s at %d is %s', (scale, quantity, value, name) => {
    expect(bandFor(scale, quantity, value)?.names.de).toBe(name);
  });

  it('a class of concentrations says that it is one: a range alone beside a value looks like its spread', () => {
    const band = bandFor('neutral', 'pm25', 7)!;
    expect(classInWords(band, 'de', 'µg/m³')).toBe('Klasse über 5 bis 10\u202fµg/m³');
    expect(classInWords(band, 'en', 'µg/m³')).toBe('Class above 5 to 10\u202fµg/m³');
  });

  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -0.1])('unknown is never good: %p', (value) => {
    for (const scale of SCALE_IDS) expect(bandFor(scale, 'pm25', value)).toBeUndefined();
  });

  it('a quantity an index does not judge has no band', () => {
    expect(bandFor('lqi-2025', 'pm1', 3)).toBeUndefined();
    expect(bandFor('eaqi-2024', 'temperature', 3)).toBeUndefined();
    expect(bandsOf('us-aqi-2024', 'noise')).toEqual([]);
  });
});

describe('scales', () => {
  const every = SCALE_IDS.flatMap((id) => QUANTITIES.map((quantity) => [id, quantity] as const)).filter(
    ([id, quantity]) => bandsOf(id, quantity).length > 0,
  );

  it.each(every)('%s, %s: bands join without gaps, are ranked and open at the top', (id, quantity) => {
    const bands = bandsOf(id, quantity);
    expect(bands.map((band) => band.rank)).toEqual(bands.map((_, at) => at + 1));
    expect(bands.slice(1).map((band) => band.from)).toEqual(bands.slice(0, -1).map((band) => band.to));
    expect(bands.at(-1)!.to).toBeNull();
    expect(bands[0]!.from).toBe(quantity === 'temperature' ? null : 0);
    expect(new Set(bands.map((band) => band.names.en)).size).toBe(bands.length);
  });

  it.each(every)('%s, %s: text is readable on every colour', (id, quantity) => {
    for (const band of bandsOf(id, quantity)) {
      expect(contrast(band.colour, band.textColour)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(QUANTITIES)('the neutral scale of %s darkens steadily', (quantity) => {
    const lightness = bandsOf('neutral', quantity).map((band) => luminance(band.colour));
    expect(lightness).toEqual([...lightness].sort((a, b) => b - a));
    expect(lightness).toHaveLength(6);
  });

  it('the US index is offered only when turned on', () => {
    expect(offeredScales(false).map((scale) => scale.id)).toEqual(['neutral', 'lqi-2025', 'eaqi-2024']);
    expect(offeredScales(true).map((scale) => scale.id)).toEqual([...SCALE_IDS]);
  });

  it('an index from particulates alone is named so', () => {
    expect(scaleTitle('lqi-2025', 'pm25')).toEqual({ de: 'LQI-Klasse, nur PM2,5', en: 'LQI class, PM2.5 only' });
    expect(scaleTitle('eaqi-2024', 'pm10').de).toBe('EAQI-Klasse, nur PM10');
    expect(scaleTitle('neutral', 'pm25').de).toBe('PM2,5');
  });

  it('says which part of an index nobody has confirmed', () => {
    expect(scales['lqi-2025'].unconfirmed).toEqual({ de: 'Farben: unbestätigt', en: 'colours: unconfirmed' });
    expect(scales['eaqi-2024'].unconfirmed?.de).toBe('deutsche Namen: unbestätigt');
    expect(scales.neutral.unconfirmed).toBeUndefined();
  });
});
