import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Importer } from '../server/archive/importer.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';
import { StationStore } from '../server/store/registry/stationStore.ts';
import { writeDayFiles, writeNetworkFiles } from './support/archiveFiles.ts';

/** What importing files takes, from finding them to the last row on disk. */
export interface ImportFigure {
  files: number;
  rows: number;
  stored: number;
  refusedRows: number;
  ms: number;
  rowsPerSecond: number;
  cpuMs: number;
  cpuUsPerRow: number;
}

/** 724 day files of two instruments, 329,482 rows; `BOCHUM_FILES` names a folder of real ones instead. */
export function benchImportDays(): Promise<ImportFigure> {
  return benchImport((folder) => writeDayFiles(folder, 329_482), process.env.BOCHUM_FILES);
}

/** Files of 500 stations; `NETWORK_FILES` names a folder of real ones instead. */
export function benchImportNetwork(): Promise<ImportFigure> {
  const size = { stations: 500, rows: 2_000_000, files: 4 };
  return benchImport((folder) => writeNetworkFiles(folder, size), process.env.NETWORK_FILES);
}

async function benchImport(write: (folder: string) => void, real: string | undefined): Promise<ImportFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const folder = real ?? join(dataDir, 'files');
  try {
    if (real === undefined) {
      mkdirSync(folder);
      write(folder);
    }
    const registry = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock: Date.now, randomBytes });
    const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
    await registry.open();
    await store.open();
    const deps = { registry, store, dataDir, clock: Date.now, randomBytes };
    const before = process.cpuUsage();
    const report = await new Importer(deps, { paths: [folder] }).run();
    const used = process.cpuUsage(before);
    await store.close();
    await registry.close();
    const cpuMs = (used.user + used.system) / 1000;
    const { rows, stored, refusedRows, ms } = report;
    return {
      files: report.files.read,
      rows,
      stored,
      refusedRows,
      ms,
      rowsPerSecond: (1000 * rows) / ms,
      cpuMs,
      cpuUsPerRow: (1000 * cpuMs) / rows,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
