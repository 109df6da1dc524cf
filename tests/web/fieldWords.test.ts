import { expect, it } from '@jest/globals';
import { fieldsInGerman } from '../../web/i18n/host/fieldWords.ts';
import { myStationTextsOf } from '../../web/i18n/host/myStationTexts.ts';

it.each([
  ['name: Too small: expected string; position.lat: Invalid input', 'Bitte prüfen: der Name, der Ort.'],
  ['positionGridMetres: Invalid option', 'Bitte prüfen: wie genau der Ort gezeigt wird.'],
  [': Unrecognized key: "colour"', 'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.'],
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
