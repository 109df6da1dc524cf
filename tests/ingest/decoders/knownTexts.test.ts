import { describe, expect, it } from '@jest/globals';
import { KnownTexts } from '../../../server/ingest/decoders/knownTexts.ts';

describe('known texts', () => {
  const texts = new KnownTexts(['SDS_P1', 'SDS_P2', 'signal']);

  it.each([
    ['a known one', '"SDS_P1"', 1, 7, 'SDS_P1'],
    ['one that only begins like a known one', '"SDS_P12"', 1, 8, 'SDS_P12'],
    ['one that is cut short', '"SDS_P1"', 1, 6, 'SDS_P'],
    ['an unknown one', 'x_y_z', 2, 5, 'y_z'],
    ['an empty one', 'abc', 1, 1, ''],
  ])('are what slice gives: %s', (_, text, from, to, expected) => {
    expect(texts.at(text, from, to)).toBe(expected);
  });

  it('are right for every pair of ends of a body', () => {
    const body = '{"value_type":"SDS_P1","value":"12.43"},{"value_type":"signal","value":"-65"}';
    for (let from = 0; from < body.length; from++) {
      for (let to = from; to <= body.length; to++) expect(texts.at(body, from, to)).toBe(body.slice(from, to));
    }
  });
});
