import { germanFieldWords } from '../../../server/domain/fieldWords.ts';

/** Names of the fields that a host can fill in, as the German forms call them. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  name: 'der Name',
  position: 'der Ort',
  sensorModel: 'der Sensor',
  isIndoor: 'drinnen oder draußen',
  heightClass: 'die Höhe',
  siting: 'die Umgebung',
  positionGridMetres: 'wie genau der Ort gezeigt wird',
  deviceId: 'die Gerätekennung',
  address: 'die Adresse',
  code: 'der Code',
  from: 'der Anfang',
  to: 'das Ende',
  kind: 'die Art',
  threshold: 'der Schwellenwert',
  acceptedTerms: 'das Einverständnis',
};

/**
 * What a refusal's `name: must not be empty; position.lat: is missing` is about and says, in German: the messages are
 * English for programs. A field that no form here has means that page and server are of different versions.
 */
export function fieldsInGerman(detail: string): string {
  const said = [...detail.matchAll(/(?:^|; )([\w.]*): ([^;]*)/g)];
  if (said.length === 0) return `Der Server sagt auf Englisch: ${detail}`;
  const words = said.flatMap(([, field = '', message = '']) => {
    const name = FIELD_NAMES[field.split('.')[0]!];
    const why = germanFieldWords(message);
    return name === undefined ? [] : [why === undefined ? name : `${name} (${why})`];
  });
  if (words.length === 0) return 'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.';
  return `Bitte prüfen: ${[...new Set(words)].join(', ')}.`;
}
