import { type FieldRefusal, refusalIn } from '../../../server/domain/fieldWords.ts';
import type { Language, Names } from '../../../server/domain/names.ts';

/** What a request was refused for: the server's own English sentence, empty when there was none, and the fields. */
export interface Refusal {
  detail: string;
  errors: readonly (FieldRefusal & { field: string })[];
}

/** Names of the fields that people can fill in, as the forms call them. */
const FIELD_NAMES: Readonly<Record<string, Names>> = {
  name: { de: 'der Name', en: 'the name' },
  position: { de: 'der Ort', en: 'the place' },
  sensorModel: { de: 'der Sensor', en: 'the sensor' },
  sensorModels: { de: 'der Sensor', en: 'the sensor' },
  isIndoor: { de: 'drinnen oder draußen', en: 'indoors or outdoors' },
  heightClass: { de: 'die Höhe über dem Boden', en: 'the height above the ground' },
  siting: { de: 'die Umgebung', en: 'the surroundings' },
  altitudeMetres: { de: 'die Höhe des Geländes', en: 'the altitude of the ground' },
  sensorCommunityId: { de: 'die Sensornummer', en: 'the sensor number' },
  positionGridMetres: { de: 'wie genau der Ort gezeigt wird', en: 'how exactly the place is shown' },
  deviceId: { de: 'die Gerätekennung', en: 'the device id' },
  address: { de: 'die Adresse', en: 'the address' },
  code: { de: 'der Code', en: 'the code' },
  from: { de: 'der Anfang', en: 'the beginning' },
  to: { de: 'das Ende', en: 'the end' },
  kind: { de: 'die Art', en: 'the kind' },
  threshold: { de: 'der Schwellenwert', en: 'the threshold' },
  acceptedTerms: { de: 'das Einverständnis', en: 'the consent' },
  text: { de: 'der Text', en: 'the text' },
  reason: { de: 'der Grund', en: 'the reason' },
};

const SENTENCES = {
  de: {
    said: (detail: string) => `Der Server sagt auf Englisch: ${detail}`,
    check: (fields: string) => `Bitte prüfen: ${fields}.`,
    otherVersion: 'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.',
  },
  en: {
    said: (detail: string) => `The server says: ${detail}`,
    check: (fields: string) => `Please check: ${fields}.`,
    otherVersion: 'This page no longer fits the server. Please reload it.',
  },
} as const;

/**
 * Which fields were refused and why, by the names they have in the forms. A field that no form here has means that
 * page and server are of different versions.
 */
export function refusalWords(language: Language, { detail, errors }: Refusal): string {
  const { said, check, otherVersion } = SENTENCES[language];
  if (errors.length === 0) return detail && said(detail);
  const words = errors.flatMap(({ field, ...refusal }) => {
    const name = FIELD_NAMES[field.split('.')[0]!]?.[language];
    const why = refusalIn(language, refusal);
    return name === undefined ? [] : [why === undefined ? name : `${name} (${why})`];
  });
  return words.length === 0 ? otherVersion : check([...new Set(words)].join(', '));
}
