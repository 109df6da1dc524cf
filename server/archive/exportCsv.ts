import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import { placeAt } from '../domain/stationHistory.ts';
import { makeFolder, SHARED_FOLDER } from '../process/dataDirLock.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { type ColumnTarget, columnsOfModel, HEAD_COLUMNS, numberIn, targetOf, typeOfModel } from './archiveColumns.ts';
import type { ExportReport, ExportRequest } from './archiveJobs.ts';
import { LOCATION_PREFIX } from './stationPlaces.ts';

/** What an export reads from. */
export interface ExportSources {
  store: Pick<ReadingStore, 'scan' | 'seriesOf'>;
  registry: Pick<StationStore, 'station' | 'assignSensorId'>;
}

/** What is the same in every file of an instrument. */
interface Sheet {
  model: string;
  /** Name of a file without its day. */
  suffix: string;
  header: string;
  /** Fields before the time, with their delimiters, of a row measured at that time, epoch ms. */
  headAt: (measuredAt: number) => string;
  targets: readonly (ColumnTarget | undefined)[];
}

/**
 * Writes a station's readings as archive.sensor.community does: a file an instrument and UTC day, the same columns, in
 * `<folder>/<day>/<day>_<type>_sensor_<id>.csv`. Every stored value that the archive has a column for is in them, flagged ones too; the position is the
 * public one. Files of the same name are replaced.
 */
export async function exportCsv(request: ExportRequest, { store, registry }: ExportSources): Promise<ExportReport> {
  const station = registry.station(request.stationId);
  const report: ExportReport = { files: [], rows: 0 };
  if (station === undefined) return report;
  const sheets = await sheetsOf(station, { store, registry });
  const days = new DayFiles(request.folder, report);
  for await (const readings of store.scan(request)) {
    for (const reading of readings) {
      const sheet = sheets.get(reading.sensor);
      if (sheet) await days.add(sheet, reading);
    }
  }
  await days.close();
  return report;
}

/** Gathers one day, as readings come in time order; then writes it. */
class DayFiles {
  readonly #folder: string;
  readonly #report: ExportReport;
  #day = '';
  readonly #lines = new Map<Sheet, string[]>();

  constructor(folder: string, report: ExportReport) {
    this.#folder = folder;
    this.#report = report;
  }

  async add(sheet: Sheet, reading: Reading): Promise<void> {
    const time = new Date(reading.measuredAt).toISOString();
    const day = time.slice(0, 10);
    if (day !== this.#day) await this.close();
    this.#day = day;
    const lines = this.#lines.get(sheet) ?? [];
    if (lines.length === 0) this.#lines.set(sheet, lines);
    lines.push(`${sheet.headAt(reading.measuredAt)}${archiveTime(time)}${fieldsOf(sheet, reading)}\n`);
    this.#report.rows++;
  }

  async close(): Promise<void> {
    const folder = join(this.#folder, this.#day);
    if (this.#lines.size > 0) makeFolder(folder, SHARED_FOLDER);
    for (const [sheet, lines] of this.#lines) {
      const path = join(folder, `${this.#day}_${sheet.suffix}`);
      await writeFile(`${path}.part`, `${sheet.header}\n${lines.join('')}`);
      await rename(`${path}.part`, path);
      this.#report.files.push(path);
    }
    this.#lines.clear();
  }
}

async function sheetsOf(station: Station, { store, registry }: ExportSources): Promise<Map<string, Sheet>> {
  const measured = new Map<string, Set<Quantity>>();
  for (const { sensor, quantity } of await store.seriesOf(station.id)) {
    measured.set(sensor, (measured.get(sensor) ?? new Set<Quantity>()).add(quantity));
  }
  // An instrument with extras only (PPD42NS) has no series of a quantity.
  for (const model of station.sensorModels) if (!measured.has(model)) measured.set(model, new Set());
  const sheets = new Map<string, Sheet>();
  for (const [sensor, quantities] of measured) {
    const id = await registry.assignSensorId(station.id, sensor);
    if (id !== undefined) sheets.set(sensor, sheetOf(station, { sensor, id, quantities }));
  }
  return sheets;
}

function sheetOf(station: Station, instrument: { sensor: string; id: number; quantities: Set<Quantity> }): Sheet {
  const { sensor, id, quantities } = instrument;
  const model = sensor.split('-')[0] ?? sensor;
  const type = typeOfModel(model);
  const columns = columnsOfModel(model, quantities);
  return {
    model,
    suffix: `${type.toLowerCase()}_sensor_${id}${station.isIndoor ? '_indoor' : ''}.csv`,
    header: [...HEAD_COLUMNS, ...columns].join(';'),
    headAt: headsOf(station, `${id};${type};${locationOf(station)}`),
    targets: columns.map((column) => targetOf(model, column)),
  };
}

/** `head` with the public position: of a row from before a move that of the former place. */
function headsOf(station: Station, head: string): Sheet['headAt'] {
  const withPlace = (place: Parameters<typeof publicPosition>[0]) => {
    const { lat, lon } = publicPosition(place);
    return `${head};${lat.toFixed(3)};${lon.toFixed(3)};`;
  };
  const now = withPlace(station);
  const lastMove = station.formerPlaces?.at(-1)?.until ?? Number.NEGATIVE_INFINITY;
  return (measuredAt) => (measuredAt >= lastMove ? now : withPlace(placeAt(station, measuredAt)));
}

/** The number of the place: the one it has at sensor.community when it came from there. */
function locationOf({ externalIds, locationId }: Station): string {
  const kept = externalIds.find((externalId) => externalId.startsWith(LOCATION_PREFIX));
  return kept === undefined ? String(locationId) : kept.slice(LOCATION_PREFIX.length);
}

function fieldsOf({ model, targets }: Sheet, reading: Reading): string {
  let fields = '';
  for (const target of targets) {
    const number = target && numberIn(reading, target);
    fields += number === undefined ? ';' : `;${numberText(number, model)}`;
  }
  return fields;
}

/** At least two decimals, as the archive writes nearly everything; more where there are more. A PPD42NS has counts. */
function numberText(number: number, model: string): string {
  const short = number.toFixed(2);
  return model !== 'ppd42ns' && Number(short) === number ? short : String(number);
}

/** `2018-12-01T00:00:18`; with a fraction and a zone, as the archive had it up to 2016, where there are milliseconds. */
function archiveTime(iso: string): string {
  const millis = iso.slice(20, 23);
  return millis === '000' ? iso.slice(0, 19) : `${iso.slice(0, 23)}000+00:00`;
}
