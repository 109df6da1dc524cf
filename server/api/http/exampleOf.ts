import type { JsonSchema } from './openApiTypes.ts';

/** What a property of this name may hold, where its schema leaves it open. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  id: 'a1b2c3d4e5',
  stationId: 'a1b2c3d4e5',
  name: 'Hinterhof Rüttenscheid',
  sensor: 'sds011',
  sensorModels: ['sds011', 'dht22'],
  unit: 'µg/m³',
  licence: 'ODbL-1.0',
  lat: 51.456,
  lon: 7.0128,
  coordinates: [7.0128, 51.456],
  value: 12.3,
  mean: 12.3,
  min: 4.1,
  max: 31.7,
  median: 11.8,
  coverage: 0.96,
  flags: [],
  externalIds: ['sensor.community:3659'],
  quietHours: null,
  status: 'active',
  source: 'direct',
  quantity: 'pm25',
  window: '1h',
  average: '1h',
  method: 'raw',
  meanMethod: 'clock-mean-1',
  day: '+01:00',
  date: '2026-11-26',
  checkedOn: '2026-11-26',
  validTo: null,
  uncertaintyMethod: 'uncertainty-4',
  uncertainty: 6.2,
  year: 2026,
  count: 24,
  expected: 24,
  revision: 1,
  scale: 10,
  bbox: [6.9, 51.3, 7.2, 51.5],
  areaId: 'ehrenfeld',
  areaName: 'Ehrenfeld',
  sensorModel: 'sds011',
  coverage24h: 0.96,
  cadenceMs: 149_000,
  raw: 12.9,
  validFrom: '2021-09-22',
  deviceId: 'esp8266-15303512',
  url: 'https://luft.example.org/',
  contact: 'luft@example.org',
  address: 'luft@example.org',
  above: 15,
  kind: 'guideline',
  licences: ['ODbL-1.0'],
  de: 'auf Deutsch',
  en: 'in English',
};

/** What a text holds of which nothing is known. */
const UNKNOWN = 'text';
/** Fields that a usual answer does not have. */
const SELDOM: readonly string[] = ['statusReason', 'exclusion', 'refusal', 'reference', 'prunedBefore', 'without'];

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-11-26T12:00:00.000Z',
  date: '2026-11-26',
  uri: 'https://luft.example.org/',
};

const MAX_DEPTH = 12;

/**
 * A value that fits a JSON Schema as our schemas write it (no references), for the document's examples. Texts with a
 * pattern nobody gave an example of are left empty: `examples` in the schema helps.
 */
export function exampleOf(schema: JsonSchema, name = '', depth = 0): unknown {
  if (depth > MAX_DEPTH) return null;
  const given = schema as {
    const?: unknown;
    enum?: unknown[];
    default?: unknown;
    examples?: unknown[];
    anyOf?: JsonSchema[];
    oneOf?: JsonSchema[];
    allOf?: JsonSchema[];
    format?: string;
    type?: string | string[];
  };
  if (given.const !== undefined) return given.const;
  if (given.examples !== undefined) return given.examples[0];
  const hint = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  const branches = given.anyOf ?? given.oneOf ?? given.allOf;
  if (branches !== undefined) return hint === null ? null : exampleOf(branches[0] ?? {}, name, depth + 1);
  if (given.enum !== undefined) return given.enum.includes(hint) ? hint : given.enum[0];
  // What may be null shows what it is otherwise.
  if (Array.isArray(given.type)) {
    const type = given.type.find((each) => each !== 'null');
    return hint === null ? null : exampleOf({ ...schema, type }, name, depth + 1);
  }
  if (given.type === 'object') return exampleObject(schema, depth);
  if (given.type === 'array') return exampleArray(schema, name, depth);
  if (given.type === 'boolean') return given.default ?? false;
  if (given.type === 'number' || given.type === 'integer') return exampleNumber(schema, hint);
  if (given.type === 'string')
    return (given.format && BY_FORMAT[given.format]) ?? (typeof hint === 'string' ? hint : UNKNOWN);
  return null;
}

function exampleObject(schema: JsonSchema, depth: number): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const names = schema.propertyNames as { enum?: string[] } | undefined;
  const additional = schema.additionalProperties;
  const required = (schema.required ?? []) as string[];
  const made = Object.fromEntries(
    Object.entries(properties)
      .map(([name, property]) => [name, exampleOf(property, name, depth + 1)] as const)
      .filter(([name, value]) => required.includes(name) || isWorthShowing(name, value)),
  );
  if (typeof additional !== 'object' || additional === null || names?.enum === undefined) return made;
  // A record by quantity: two entries show what it is.
  const keys = required.length > 0 ? required : names.enum.slice(0, 2);
  for (const key of keys) made[key] = exampleOf(additional as JsonSchema, key, depth + 1);
  return made;
}

/** False for what may be left out and tells nothing, or only of a special case. */
function isWorthShowing(name: string, value: unknown): boolean {
  return !SELDOM.includes(name) && !JSON.stringify(value).includes(`"${UNKNOWN}"`);
}

function exampleArray(schema: JsonSchema, name: string, depth: number): unknown[] {
  const { prefixItems, items } = schema as { prefixItems?: JsonSchema[]; items?: JsonSchema };
  const hint = BY_NAME[name];
  const fits = Array.isArray(hint) && hint.length === (prefixItems?.length ?? hint.length) && items?.type !== 'array';
  if (fits && (prefixItems !== undefined || name !== 'coordinates')) return hint;
  if (prefixItems !== undefined) return prefixItems.map((item) => exampleOf(item, '', depth + 1));
  if (items === undefined) return [];
  const count = Math.max(1, Number(schema.minItems ?? 1));
  return Array.from({ length: count }, () => exampleOf(items, name, depth + 1));
}

function exampleNumber(schema: JsonSchema, hint: unknown): number {
  const {
    minimum = Number.NEGATIVE_INFINITY,
    maximum = Number.POSITIVE_INFINITY,
    type,
  } = schema as {
    minimum?: number;
    maximum?: number;
    type: string;
  };
  const wanted = typeof hint === 'number' ? hint : 1;
  const fitting = Math.min(Math.max(wanted, minimum), maximum);
  return type === 'integer' ? Math.ceil(fitting) : fitting;
}
