import { expect, it } from '@jest/globals';
import { typedAltitude, typedSensorNumber } from '../../web/state/host/optionalNumbers.ts';

it.each([
  ['', undefined],
  ['118', 118],
  [' 118,4 m ', 118.4],
  ['−3.5', -3.5],
  ['6001', 'wrong'],
  ['1e3', 'wrong'],
  ['hoch', 'wrong'],
])('an altitude typed as %p is %p', (text, metres) => expect(typedAltitude(text)).toBe(metres));

it.each([
  ['  ', undefined],
  ['39300', 39_300],
  [' #39300 ', 39_300],
  ['0', 'wrong'],
  ['39300.5', 'wrong'],
  ['15303512', 'wrong'],
  ['esp8266-15303512', 'wrong'],
])('a number at sensor.community typed as %p is %p', (text, number) => expect(typedSensorNumber(text)).toBe(number));
