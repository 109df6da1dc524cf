import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Importer, type ImportRequest, type ImportWatch } from '../../server/archive/importer.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Time of every import in these tests, epoch ms. */
export const NOW = Date.UTC(2026, 5, 1);

/** Path of a file or folder in the fixtures. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`../fixtures/archive/${path}`, import.meta.url));
}

/** First line of sensor.community's files of SDS011. */
export const SDS011_HEAD = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2';

/** Such a file with these rows. */
export function sdsFile(lines: readonly string[], { name = 'x.csv', end = '\n' } = {}): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, `${[SDS011_HEAD, ...lines].join('\n')}${end}`);
  return path;
}

/** A data folder with real stores in it, closed after the test. */
export async function openHouse() {
  const dataDir = temporaryFolder();
  const clock = () => NOW;
  const registry = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock, randomBytes });
  await registry.open();
  closeAfterTest(() => registry.close());
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb'), threads: 1 });
  await store.open();
  closeAfterTest(() => store.close());
  const stationWith = (externalId: string) => registry.stations().filter((it) => it.externalIds.includes(externalId));
  return {
    dataDir,
    registry,
    store,
    stationWith,
    import: (paths: string[], request: Partial<ImportRequest> = {}, watch: ImportWatch = {}) =>
      new Importer({ registry, store, dataDir, clock, randomBytes }, { paths, ...request }, watch).run(),
    readings: (stationId?: string) => allReadings(store, stationId),
  };
}

async function allReadings(store: DuckDbReadingStore, stationId?: string): Promise<Reading[]> {
  const all: Reading[] = [];
  const query = { from: 0, to: NOW, ...(stationId !== undefined && { stationId }) };
  for await (const page of store.scan(query)) all.push(...page);
  return all;
}
