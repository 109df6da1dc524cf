import { expect, it } from '@jest/globals';
import { fieldsInGerman } from '../../web/i18n/host/fieldWords.ts';
import { myStationTextsOf } from '../../web/i18n/host/myStationTexts.ts';

it.each([
  [
    'name: must not be empty; position.lat: is missing',
    'Bitte prüfen: der Name (darf nicht leer sein), der Ort (fehlt).',
  ],
  [
    'positionGridMetres: must be one of 100, 1000',
    'Bitte prüfen: wie genau der Ort gezeigt wird (eine der Möglichkeiten).',
  ],
  ['position.lat: is missing; position.lon: is missing', 'Bitte prüfen: der Ort (fehlt).'],
  ['to: must be later than from', 'Bitte prüfen: das Ende.'],
  [': unknown field colour', 'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.'],
  ['The address has a broken % sequence.', 'Der Server sagt auf Englisch: The address has a broken % sequence.'],
])('a refusal %j is told in German', (detail, words) => {
  expect(fieldsInGerman(detail)).toBe(words);
});

it.each([
  ['SMTP 550', /Der Mailserver nimmt für diese Adresse nichts an \(SMTP 550\)/, /takes nothing for this address/],
  ['ECONNREFUSED', /war nicht zu erreichen \(ECONNREFUSED\)/, /could not be reached \(ECONNREFUSED\)/],
  ['no answer in time', /nicht rechtzeitig geantwortet/, /did not answer in time/],
])('a message that failed with %j is told in words', (reason, german, english) => {
  expect(myStationTextsOf('de').lastFailure({ at: '5.11., 12:00', reason })).toMatch(german);
  expect(myStationTextsOf('en').lastFailure({ at: '05/11, 12:00', reason })).toMatch(english);
});
