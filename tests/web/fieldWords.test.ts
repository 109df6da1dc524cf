import { expect, it } from '@jest/globals';
import { refusalWords } from '../../web/i18n/host/fieldWords.ts';
import { myStationTextsOf } from '../../web/i18n/host/myStationTexts.ts';

const EMPTY = { message: 'must not be empty', code: 'empty' };
const MISSING = { message: 'is missing', code: 'missing' };
const CHOICE = { message: 'must be one of 100, 1000', code: 'one-of', bound: '100, 1000' };
const LATER = { message: 'must be later than from' };
const UNKNOWN = { message: 'unknown field colour', code: 'unknown', bound: 'colour' };

it.each([
  [
    'of two fields',
    [
      { field: 'name', ...EMPTY },
      { field: 'position.lat', ...MISSING },
    ],
    'Bitte prüfen: der Name (darf nicht leer sein), der Ort (fehlt).',
    'Please check: the name (must not be empty), the place (is missing).',
  ],
  [
    'of a field with a long name',
    [{ field: 'positionGridMetres', ...CHOICE }],
    'Bitte prüfen: wie genau der Ort gezeigt wird (eine der Möglichkeiten).',
    'Please check: how exactly the place is shown (must be one of 100, 1000).',
  ],
  [
    'of both parts of a field',
    [
      { field: 'position.lat', ...MISSING },
      { field: 'position.lon', ...MISSING },
    ],
    'Bitte prüfen: der Ort (fehlt).',
    'Please check: the place (is missing).',
  ],
  [
    'in words of its own',
    [{ field: 'to', ...LATER }],
    'Bitte prüfen: das Ende.',
    'Please check: the end (must be later than from).',
  ],
  [
    'of a field of another version',
    [{ field: '', ...UNKNOWN }],
    'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.',
    'This page no longer fits the server. Please reload it.',
  ],
  ['of no field', [], 'Der Server sagt auf Englisch: It is broken.', 'The server says: It is broken.'],
])('a refusal %s is told in the language of the page', (_, errors, german, english) => {
  expect(refusalWords('de', { detail: 'It is broken.', errors })).toBe(german);
  expect(refusalWords('en', { detail: 'It is broken.', errors })).toBe(english);
});

it('a refusal that says nothing is told in no words', () => {
  expect(refusalWords('de', { detail: '', errors: [] })).toBe('');
});

it.each([
  ['SMTP 550', /Der Mailserver nimmt für diese Adresse nichts an \(SMTP 550\)/, /takes nothing for this address/],
  ['ECONNREFUSED', /war nicht zu erreichen \(ECONNREFUSED\)/, /could not be reached \(ECONNREFUSED\)/],
  ['no answer in time', /nicht rechtzeitig geantwortet/, /did not answer in time/],
])('a message that failed with %j is told in words', (reason, german, english) => {
  expect(myStationTextsOf('de').lastFailure({ at: '5.11., 12:00', reason })).toMatch(german);
  expect(myStationTextsOf('en').lastFailure({ at: '05/11, 12:00', reason })).toMatch(english);
});
