import type { ZipEntry } from '../../archive/zipStream.ts';
import { flagsOf } from '../../domain/assessment/flag.ts';
import { QUANTITIES, type Quantity, UNITS } from '../../domain/quantity.ts';
import type { Reading } from '../../domain/reading.ts';
import { publicPosition, type Station } from '../../domain/station.ts';
import { annotationsIn } from '../../domain/stationHistory.ts';
import { healthInPieces, storedWindow } from '../../erasure/tally.ts';
import type { HealthRow, ReadingStore } from '../../store/readingStore.ts';
import type { StationStore } from '../../store/registry/stationStore.ts';

/** Where everything of a station lies. */
export interface OwnFilesSources {
  store: Pick<ReadingStore, 'scan' | 'health' | 'seriesOf'>;
  stationStore: Pick<StationStore, 'station' | 'assignments' | 'sensorIdOf'>;
  /** What other parts keep about the owner, a JSON document a name. */
  ownerDocuments?: (stationId: string) => Record<string, object>;
}

type Window = { stationId: string; from: number; to: number };

/** Everything we have of a station, as files: what its owner downloads. Made while they are read. */
export async function* ownFiles(sources: OwnFilesSources, station: Station, now: number): AsyncGenerator<ZipEntry> {
  const { store, ownerDocuments } = sources;
  yield { name: 'README.txt', content: [readme(station, now)] };
  yield { name: 'station.json', content: [await stationDocument(sources, station)] };
  for (const [name, document] of Object.entries(ownerDocuments?.(station.id) ?? {})) {
    yield { name: `${name}.json`, content: [json(document)] };
  }
  const stored = await storedWindow(store, station.id);
  const window = { stationId: station.id, from: 0, to: 1, ...stored };
  yield { name: 'readings.csv', content: readingLines(store, window, station) };
  yield { name: 'extras.csv', content: extraLines(store, window) };
  yield { name: 'health.csv', content: healthLines(store, window) };
}

function readme({ id, name, licence }: Station, now: number): string {
  return [
    `Bürgerluft, Station ${name} (${id}), ${iso(now)}`,
    '',
    'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.',
    '',
    'station.json   Eintrag der Station: genaue Position, Geräte und ihre Zeiten, Einwilligung, Marken, markierte Zeiten.',
    '               The registry entry: exact position, devices and their times, consent, marks, marked periods.',
    'contacts.json  Ihre Adressen für Nachrichten. / Your addresses for messages.',
    'alerts.json    Wann Sie eine Nachricht möchten. / When you want a message.',
    'readings.csv   Jeder Messwert, wie er kam. / Every reading as it came.',
    'extras.csv     Was das Gerät sonst maß. / What else the device measured.',
    'health.csv     Was das Gerät über sich selbst sagte. / What the device said of itself.',
    '',
    `Einheiten / units: ${QUANTITIES.map((quantity) => `${quantity} ${UNITS[quantity]}`).join(', ')}. Zeiten / times: ISO 8601 UTC.`,
    `Lizenz der öffentlichen Daten / licence of the public data: ${licence}`,
    '',
  ].join('\n');
}

async function stationDocument({ store, stationStore }: OwnFilesSources, station: Station): Promise<string> {
  const sensors = new Set((await store.seriesOf(station.id)).map(({ sensor }) => sensor));
  const {
    marks = [],
    annotations = [],
    formerPlaces = [],
    consent,
    createdAt,
    joined: _joined,
    joining: _joining,
    ...fields
  } = station;
  return json({
    ...fields,
    publicPosition: publicPosition(station),
    createdAt: iso(createdAt),
    consent: consent && { ...consent, acceptedAt: iso(consent.acceptedAt) },
    sensorNumbers: Object.fromEntries(
      [...sensors].map((sensor) => [sensor, stationStore.sensorIdOf(station.id, sensor)]),
    ),
    devices: (await stationStore.assignments(station.id)).map(({ deviceId, boundAt, unboundAt }) => ({
      deviceId,
      boundAt: iso(boundAt),
      unboundAt: unboundAt === undefined ? undefined : iso(unboundAt),
    })),
    marks: marks.map(({ kind, at }) => ({ kind, at: iso(at) })),
    annotations: annotations.map(({ kind, from, to, createdAt: at }) => ({
      kind,
      from: iso(from),
      to: iso(to),
      createdAt: iso(at),
    })),
    formerPlaces: formerPlaces.map((place) => ({ ...place, until: iso(place.until) })),
  });
}

async function* readingLines(
  store: OwnFilesSources['store'],
  window: Window,
  station: Station,
): AsyncGenerator<string> {
  yield `measuredAt,sensor,${QUANTITIES.join(',')},flags,annotations\n`;
  for await (const page of store.scan(window)) {
    // What measured nothing we judge has its lines among the extras.
    const measured = page.filter(({ values }) => Object.keys(values).length > 0);
    yield measured.map((reading) => readingLine(reading, station)).join('');
  }
}

function readingLine({ measuredAt, sensor, values, flags }: Reading, { annotations }: Station): string {
  const words = (Object.keys(values) as Quantity[]).flatMap((quantity) =>
    flagsOf(flags, quantity).map((flag) => `${quantity}:${flag}`),
  );
  const marked = annotationsIn(annotations, { start: measuredAt, end: measuredAt + 1 }).map(({ kind }) => kind);
  const cells = [iso(measuredAt), sensor, ...QUANTITIES.map((quantity) => values[quantity] ?? '')];
  return `${[...cells, words.join(' '), [...new Set(marked)].join(' ')].join(',')}\n`;
}

async function* extraLines(store: OwnFilesSources['store'], window: Window): AsyncGenerator<string> {
  yield 'measuredAt,sensor,name,value\n';
  for await (const page of store.scan(window)) {
    yield page
      .flatMap(({ measuredAt, sensor, extra = {} }) =>
        Object.entries(extra).map(([name, value]) => `${iso(measuredAt)},${sensor},${cell(name)},${value}\n`),
      )
      .join('');
  }
}

const HEALTH = ['signal', 'samples', 'minMicro', 'maxMicro', 'interval', 'firmware'] as const;

async function* healthLines(store: OwnFilesSources['store'], window: Window): AsyncGenerator<string> {
  yield `measuredAt,receivedAt,${HEALTH.join(',')}\n`;
  for await (const rows of healthInPieces(store, window)) yield rows.map(healthLine).join('');
}

function healthLine(row: HealthRow): string {
  const cells = HEALTH.map((name) => cell(row[name] ?? ''));
  return `${[iso(row.measuredAt), iso(row.receivedAt), ...cells].join(',')}\n`;
}

/** A device chose this text: quoted where it needs to be, and never a formula to a spreadsheet. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function json(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
