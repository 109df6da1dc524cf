import { expect, it } from '@jest/globals';
import { creditedLicence } from '../../server/domain/credit.ts';
import { isOneLicence, strictestFirst } from '../../server/domain/licences.ts';

const THEIRS = 'ODbL-1.0 (Sensor.Community, https://sensor.community/)';

it('a licence names whom it wants named', () => {
  const own = { licence: 'CC-BY-4.0', source: 'direct', externalIds: [] } as const;
  const joined = { ...own, externalIds: ['sensor.community:39300'] };
  expect([{ ...own, externalIds: [] }, joined].map(creditedLicence)).toEqual([
    'CC-BY-4.0',
    `CC-BY-4.0; in part ${THEIRS}`,
  ]);
  for (const source of ['mirror', 'import'] as const) {
    expect(creditedLicence({ licence: 'ODbL-1.0', source, externalIds: ['sensor.community:7'] })).toBe(THEIRS);
  }
});

it('the strictest is found also where a text names several', () => {
  const all = ['CC0-1.0', `CC0-1.0; in part ${THEIRS}`, 'CC-BY-4.0', 'something else'];
  expect(strictestFirst(all)).toEqual(['something else', `CC0-1.0; in part ${THEIRS}`, 'CC-BY-4.0', 'CC0-1.0']);
});

it('texts that credit others too can still be of one licence', () => {
  expect(isOneLicence(['ODbL-1.0', THEIRS])).toBe(true);
  expect(isOneLicence(['CC0-1.0', `CC0-1.0; in part ${THEIRS}`])).toBe(false);
  expect(isOneLicence(['something else', 'something else again'])).toBe(false);
});
