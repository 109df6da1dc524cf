import { exampleOf } from './exampleOf.ts';
import type { Parameter } from './openApiTypes.ts';

/** What parameters may hold whose schema does not say it, by name: those of one address fit together. */
const BY_NAME: Readonly<Record<string, string | number>> = {
  id: 'a1b2c3d4e5',
  other: 'f6g7h8j9k0',
  station: 'a1b2c3d4e5',
  stations: 'a1b2c3d4e5',
  area: 'ehrenfeld',
  annotationId: 'k3m4n5p6q7',
  contactId: 'r8s9t0v1w2',
  sensorId: '1000000018',
  bbox: '6.9,51.3,7.2,51.5',
  // Metres around a place: a number like any other to the schema.
  radius: 1000,
  from: '2026-11-25T00:00:00Z',
  to: '2026-11-26T00:00:00Z',
  day: '+01:00',
  rule: 'eu',
  q: 'Ehrenfeld',
  query: 'type=SDS011&area=51.45,7.01,5',
  resource: "Datastreams('a1b2c3d4e5.sds011.pm25')/Observations",
  $filter: 'result gt 10 and phenomenonTime ge 2026-01-01T00:00:00Z',
  $orderby: 'phenomenonTime desc',
  $top: '10',
  $skip: '0',
  $count: 'true',
  $select: 'phenomenonTime,result',
  $expand: 'Datastream',
};

/** The same where a name means another thing below some address. */
const BELOW: readonly [path: string, name: string, example: string][] = [
  ['/api/v1/areas/{id}', 'id', 'ehrenfeld'],
  ['/api/v1/citations/{id}', 'id', '9f86d081884c7d65'],
  ['/api/v1/admin/letters/', 'from', '2026-11-16'],
  // The law in force has no daily value of PM2.5.
  ['/api/v1/days-above', 'quantity', 'pm10'],
];

/** What a parameter of this path may hold, for the document's examples. */
export function parameterExample({ name, schema }: Parameter, path: string): unknown {
  const special = BELOW.find(([start, of]) => of === name && path.startsWith(start));
  return special?.[2] ?? BY_NAME[name] ?? exampleOf(schema, name);
}
