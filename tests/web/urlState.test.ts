import { describe, expect, it } from '@jest/globals';
import { formatUrlState, parseUrlState, type UrlState } from '../../web/state/urlState.ts';

const DEFAULT: UrlState = { quantity: 'pm25', average: '1h', scale: 'neutral', view: 'map' };

describe('the address of the map', () => {
  it.each<[string, UrlState]>([
    ['', DEFAULT],
    ['?quantity=pm10&average=24h', { ...DEFAULT, quantity: 'pm10', average: '24h' }],
    [
      '?scale=lqi-2025&view=table&station=abcde12345',
      { ...DEFAULT, scale: 'lqi-2025', view: 'table', station: 'abcde12345' },
    ],
    ['?at=2026-11-26T1330Z', { ...DEFAULT, at: Date.UTC(2026, 10, 26, 13, 30) }],
    ['?scale=eaqi-2024&at=2026-11-26T13Z', { ...DEFAULT, scale: 'eaqi-2024', at: Date.UTC(2026, 10, 26, 13) }],
    [
      '?average=latest#13/51.4645/-2.5715',
      { ...DEFAULT, average: 'latest', position: { zoom: 13, lat: 51.4645, lon: -2.5715 } },
    ],
  ])('%s says the same there and back', (url, state) => {
    const [search = '', hash = ''] = url.split(/(?=#)/);
    expect(parseUrlState(search.startsWith('#') ? '' : search, search.startsWith('#') ? search : hash)).toEqual(state);
    expect(formatUrlState(state)).toBe(url);
  });

  it.each([
    ['?at=2026-11-26T13:30Z', ''],
    ['?at=yesterday', ''],
    ['?quantity=ozone&average=8h&scale=x&view=3d', ''],
    ['?station=<script>', ''],
    ['', '#99/51/7'],
    ['', '#12/91/7'],
    ['', '#12/51/181'],
    ['', '#main'],
  ])('unknown parts are left out: %s %s', (search, hash) => {
    expect(parseUrlState(search, hash)).toEqual(DEFAULT);
  });

  it('keeps the chosen language in front', () => {
    expect(formatUrlState({ ...DEFAULT, quantity: 'pm10' }, { lang: 'en' })).toBe('?lang=en&quantity=pm10');
  });
});
