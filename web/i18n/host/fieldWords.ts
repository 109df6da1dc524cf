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
 * What a refusal's `name: Too small; position.lat: ...` is about, in German: the messages are English sentences for
 * programs. A field that no form here has means that page and server are of different versions.
 */
export function fieldsInGerman(detail: string): string {
  const fields = [...detail.matchAll(/(?:^|; )([\w.]*): /g)].map(([, field = '']) => field.split('.')[0]!);
  if (fields.length === 0) return `Der Server sagt auf Englisch: ${detail}`;
  const names = [...new Set(fields)].map((field) => FIELD_NAMES[field]);
  const known = names.filter((name) => name !== undefined);
  if (known.length === 0) return 'Diese Seite passt nicht mehr zum Server. Bitte laden Sie sie neu.';
  return `Bitte prüfen: ${known.join(', ')}.`;
}
