import { expect, it } from '@jest/globals';
import { fieldsInGerman } from '../../web/i18n/host/fieldWords.ts';

it.each([
  ['name: Too small: expected string; position.lat: Invalid input', 'Bitte prüfen: der Name, der Ort.'],
  ['positionGridMetres: Invalid option', 'Bitte prüfen: wie genau der Ort gezeigt wird.'],
  [': Unrecognized key: "colour"', 'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.'],
  ['The address has a broken % sequence.', 'Der Server sagt auf Englisch: The address has a broken % sequence.'],
])('a refusal %j is told in German', (detail, words) => {
  expect(fieldsInGerman(detail)).toBe(words);
});
