import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { FeatureCollection } from 'geojson';
import { chooseLanguage } from '../../server/api/pages/language.ts';
import { valueStateOf } from '../../server/api/pages/station/valueState.ts';
import { AREA_TEXTS } from '../../server/api/pages/texts/areaTexts.ts';
import { methodsEn } from '../../server/api/pages/texts/methodsEn.ts';
import { STATION_DAYS_TEXTS } from '../../server/api/pages/texts/stationDaysTexts.ts';
import { distanceMetres } from '../../server/domain/distance.ts';
import { createFormat, markerText, spanOfValues } from '../../server/domain/format.ts';
import { between, zwischen } from '../../server/domain/textSpan.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { de } from '../../web/i18n/de.ts';
import { toShape } from '../../web/map/backdrop.ts';
import { freshnessOf } from '../../web/map/marker.ts';
import { mercatorX, mercatorY } from '../../web/map/mercator.ts';
import { Clock } from '../../web/state/clock.ts';
import { boxAround } from '../../web/state/neighbours.ts';

const NOW = Date.parse('2026-07-05T20:05:09Z');
const german = createFormat('de', 'Europe/Berlin');
const english = createFormat('en', 'Europe/London');

describe('numbers and times', () => {
  it('follow the language, with a space that does not break before the unit', () => {
    expect([german.value('pm25', 12.35), english.value('pm25', 1234.5)]).toEqual([
      '12,4\u202fµg/m³',
      '1,234.5\u202fµg/m³',
    ]);
    expect([german.value('humidity', 81.6), german.percent(0.956)]).toEqual(['82\u202f%', '96\u202f%']);
  });

  it('stand apart from their per cent sign also in English', () => {
    expect(methodsEn.uncertainty.larger('8.8', '35')).toBe('8.8\u202fµg/m³ or 35\u202f%');
    expect(STATION_DAYS_TEXTS.en.caption('PM10', 'UTC-5')).toContain('(95\u202f%); days run at fixed UTC-5');
  });

  it('are told in the zone of the installation, not of the browser', () => {
    expect([german.time(NOW), english.time(NOW)]).toEqual(['22:05', '21:05']);
    expect([german.clock(NOW), german.dateTime(NOW)]).toEqual(['22:05:09', '5.7., 22:05']);
  });

  it.each([
    [3.04, '3,0'],
    [9.94, '9,9'],
    [9.95, '10'],
    [47.5, '48'],
    [999.9, '1.000'],
  ])('a marker writes %d as %s', (value, text) => {
    expect(markerText(german, 'pm25', value)).toBe(text);
  });
});

describe('a range', () => {
  it.each([
    [[3.04, 7.9], 'zwischen 3,0 und 7,9\u202fµg/m³', 'between 3.0 and 7.9\u202fµg/m³'],
    [[7.86, 7.94], 'bei 7,9\u202fµg/m³', 'at 7.9\u202fµg/m³'],
    [[7.84, 7.86], 'zwischen 7,8 und 7,9\u202fµg/m³', 'between 7.8 and 7.9\u202fµg/m³'],
  ])('of %j is one value when its ends are alike as written', (values, inGerman, inEnglish) => {
    expect(zwischen(spanOfValues(german, 'pm25', values))).toBe(inGerman);
    expect(between(spanOfValues(english, 'pm25', values))).toBe(inEnglish);
  });

  it('reads as one value in each sentence that tells one', () => {
    const span = spanOfValues(german, 'pm25', [7.9, 7.9]);
    const course = { quantity: 'PM2,5', span, maxAt: '12:00', last: '7,9' };
    expect(de.historySummary['24h'](course)).toBe(
      'PM2,5 in den letzten 24 Stunden: Viertelstundenmittel durchweg 7,9\u202fµg/m³, zuletzt 7,9.',
    );
    expect(de.usual({ span, median: '7,9', days: 7, hour: '12:00' })).toMatch(/ab 12:00 bei 7,9\u202fµg\/m³\.$/);
    expect(AREA_TEXTS.de.middleHalf(span)).toBe('Die mittlere Hälfte der Stationen liegt bei 7,9\u202fµg/m³.');
    expect(AREA_TEXTS.de.extremes(span)).toBe('Mittel jeder Station: 7,9\u202fµg/m³.');
  });
});

describe('the language', () => {
  it.each([
    ['en', 'de', 'en'],
    [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de'],
    [undefined, 'fr-CH, fr;q=0.9, en;q=0.8', 'en'],
    [undefined, 'en;q=0.2, de;q=0.7', 'de'],
    [undefined, 'de;q=0, *;q=0.5', 'de'],
    ['klingon', undefined, 'de'],
  ])('asked %s, browser %s: %s', (asked, header, language) => {
    expect(chooseLanguage(asked, header, 'de')).toBe(language);
  });
});

describe('how a value stands', () => {
  const standing = { value: 5, state: 'ok', lastSeenAt: NOW, isDoubtful: false } as const;

  it.each([
    [standing, NOW, 'ok'],
    [standing, NOW + 600_000, 'ok'],
    [standing, NOW + 600_001, 'stale'],
    [{ ...standing, isDoubtful: true }, NOW, 'doubtful'],
    [{ ...standing, state: 'sparse' as const }, NOW, 'sparse'],
    [{ ...standing, state: 'sparse' as const, isDoubtful: true }, NOW + 900_000, 'stale'],
    [{ ...standing, value: null }, NOW, 'none'],
  ])('%o at %d is %s', (value, now, state) => {
    expect(valueStateOf(value, now, '1h')).toBe(state);
  });

  it('a snapshot is not sparse: it is one reading by nature', () => {
    expect(valueStateOf({ ...standing, state: 'sparse' }, NOW, 'latest')).toBe('ok');
  });

  it.each([
    [0, 12],
    [150_000, 9],
    [599_000, 1],
    [600_000, 0],
    [-5_000, 13],
  ])('the age ring of a reading %d ms old has %d of 12 parts left', (age, parts) => {
    expect(freshnessOf(age)).toBe(Math.min(parts, 12));
  });
});

describe('the clock of the page', () => {
  it('is the server’s when this one is wrong, and stands still when stopped', () => {
    let local = NOW - 300_000;
    const clock = new Clock(() => local);
    clock.sync(NOW);
    expect(clock.now.value).toBe(NOW);
    local += 60_000;
    expect(clock.now.value).toBe(NOW);
    clock.tick();
    expect(clock.now.value).toBe(NOW + 60_000);
  });

  it('leaves a second or two to the network', () => {
    const clock = new Clock(() => NOW);
    clock.sync(NOW - 1_500);
    expect(clock.now.value).toBe(NOW);
  });
});

describe('places', () => {
  it('a district is named inside its outline, not in the middle of its extent', () => {
    const corner = [
      [0, 0],
      [0, 10],
      [1, 10],
      [1, 1],
      [10, 1],
      [10, 0],
      [0, 0],
    ];
    const geometry = { type: 'Polygon' as const, coordinates: [corner] };
    const shape = toShape({ type: 'Feature', properties: { name: 'L' }, geometry }, 'de');
    expect(shape).toMatchObject({ kind: 'district', name: 'L', west: mercatorX(0), east: mercatorX(10) });
    expect(shape.labelAt[0]).toBeCloseTo(mercatorX(2.87), 3);
    expect(shape.labelAt[1]).toBeCloseTo(mercatorY(2.87), 3);
  });

  it.each<['de' | 'en', string[]]>([
    ['de', ['Wien', 'Warschau', 'Kopenhagen', 'Kiew', 'Berlin']],
    ['en', ['Vienna', 'Warsaw', 'Copenhagen', 'Kyiv', 'Berlin']],
  ])('the backdrop names cities in the language of the page: %s', async (language, names) => {
    const file = await readFile(join(packageRoot(), 'web/public/geo/world.geojson'), 'utf8');
    const { features } = JSON.parse(file) as FeatureCollection;
    const named = features.map((feature) => toShape(feature, language)).flatMap(({ name }) => name ?? []);
    expect(named).toEqual(expect.arrayContaining(names));
  });

  it.each([0, 51.46, 69.6])('the box around a station at %d° holds every neighbour', (lat) => {
    const [west = 0, south = 0, east = 0, north = 0] = boxAround({ lat, lon: 7 }).split(',').map(Number);
    for (const edge of [
      { lat, lon: west },
      { lat, lon: east },
      { lat: south, lon: 7 },
      { lat: north, lon: 7 },
    ]) {
      expect(distanceMetres({ lat, lon: 7 }, edge)).toBeGreaterThan(3_000);
      expect(distanceMetres({ lat, lon: 7 }, edge)).toBeLessThan(3_300);
    }
  });
});
