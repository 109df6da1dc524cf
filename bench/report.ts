import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Citations } from '../server/citation/citations.ts';
import { loadInstanceKey } from '../server/citation/instanceKey.ts';
import { HOUR_MS } from '../server/domain/durations.ts';
import type { RollupRow } from '../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../server/domain/means/rollupGatherer.ts';
import { DEFAULT_CHOICES, type Question } from '../server/domain/report/question.ts';
import type { Station } from '../server/domain/station.ts';
import { Reports } from '../server/report/reports.ts';
import { KeptRollups } from '../server/rollups/keptRollups.ts';
import { CitationStore } from '../server/store/citationStore.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';

const START = Date.parse('2025-01-01T00:00:00+01:00');
const NOW = Date.parse('2026-02-01T00:00:00+01:00');

/** What a year's report and citations take. */
export interface ReportFigure {
  hours: number;
  /** First report after a start, with its Gegenprobe; the same with another choice; the same again. */
  coldMs: number;
  /** Processor time of the same, which other work on the machine bends less. */
  coldCpuMs: number;
  otherChoiceMs: number;
  warmMs: number;
  citeMs: number;
  /** Reading one of `citations` citations. */
  citations: number;
  readCitationMs: number;
  residentMb: number;
}

/** A report over a year of `stations` stations from kept rows in DuckDB, and citations of it. */
export async function benchReport(stations: number, citations: number): Promise<ReportFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
    await store.open();
    const ids = Array.from({ length: stations }, (_, at) => `bench${String(at).padStart(5, '0')}`);
    for (const [at, stationId] of ids.entries()) await seedYear(store, stationId, at);
    const known = new Map(ids.map((id) => [id, stationOf(id)]));
    const station = (id: string) => known.get(id);
    const rollups = new KeptRollups({
      store,
      station,
      keeper: { upToDate: async () => true },
      dayOffsetMs: 3_600_000,
    });
    const areas = { area: () => undefined, citizensOf: () => [], stoodIn: () => true };
    const officialHours = {
      near: () => [],
      byMonth: () => async () => [],
      stations: () => [],
      hours: async () => new Map(),
    };
    const official = async () => [];
    const reports = new Reports({
      areas,
      station,
      presentId: (id) => id,
      rollups,
      official,
      officialHours,
      clock: () => NOW,
    });
    const question = questionOf(ids);
    const place = reports.place(question)!;
    const report = (choices = DEFAULT_CHOICES) => reports.report({ ...question, choices }, place);
    const before = process.cpuUsage();
    const coldMs = await timed(() => report());
    const { user, system } = process.cpuUsage(before);
    const coldCpuMs = (user + system) / 1000;
    const otherChoiceMs = await timed(() => report({ ...DEFAULT_CHOICES, highest: 'without' }));
    const warmMs = await timed(() => report());
    const citationStore = new CitationStore(join(dataDir, 'citations.duckdb'));
    await citationStore.open();
    const cited = new Citations({
      ...{ store: citationStore, reports, station, key: loadInstanceKey(dataDir), randomBytes, clock: () => NOW },
      ...{ software: 'bench', instance: { name: 'bench', url: null } },
    });
    const made = await report();
    let id = '';
    const citeMs = await timed(async () => {
      id = (await cited.freeze(made))!.id;
    });
    await copies(citationStore, id, citations);
    const readCitationMs = await timed(() => cited.read(id));
    await citationStore.close();
    await store.close();
    const residentMb = process.memoryUsage().rss / 2 ** 20;
    return {
      ...{ hours: made.hours, coldMs, coldCpuMs, otherChoiceMs, warmMs, citeMs },
      citations,
      readCitationMs,
      residentMb,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The same citation many times under other ids: as much to look through as as many different ones. */
async function copies(store: CitationStore, id: string, count: number): Promise<void> {
  const kept = (await store.read(id))!;
  for (let at = 0; at < count; at++) {
    const other = id.slice(0, 56) + at.toString(16).padStart(8, '0');
    await store.add({ ...kept, id: other, fingerprint: other, stations: kept.stations.slice(0, 1) }, []);
  }
}

async function seedYear(store: DuckDbReadingStore, stationId: string, at: number): Promise<void> {
  const rows: RollupRow[] = [];
  for (let hour = 0; hour < 8760; hour++) {
    const start = START + hour * HOUR_MS;
    const mean = 20 + (at % 7) + 15 * Math.sin(hour / 300 + at) ** 2;
    rows.push(rowOf({ stationId, sensor: 'sds011', quantity: 'pm10', start, mean: Math.round(mean * 1000) / 1000 }));
    rows.push(rowOf({ stationId, sensor: 'bme280', quantity: 'humidity', start, mean: 60 + (hour % 30) }));
  }
  // Rows are taken only of series that have readings.
  const readings = [
    { stationId, sensor: 'sds011', measuredAt: START, values: { pm10: 20 }, flags: 0 },
    { stationId, sensor: 'bme280', measuredAt: START, values: { humidity: 60 }, flags: 0 },
  ];
  await store.append([{ stationId, measuredAt: START, receivedAt: START, health: {}, readings }]);
  await store.rollups.write('hour', rollupColumnsOf(rows));
}

function rowOf({
  start,
  mean,
  ...series
}: Pick<RollupRow, 'stationId' | 'sensor' | 'quantity' | 'start'> & { mean: number }): RollupRow {
  const statistics = { start, end: start + HOUR_MS, mean, min: mean - 1, max: mean + 1, median: mean };
  const counts = { count: 24, expected: 25, coverage: 0.96, flags: [], cadenceMs: 145_000, readings: 24, shares: {} };
  return { ...series, ...statistics, ...counts, method: 'bench', revision: 1 };
}

function questionOf(stationIds: string[]): Question {
  return {
    place: { stationIds },
    quantity: 'pm10',
    from: '2025-01-01',
    to: '2025-12-31',
    dayOffset: '+01:00',
    limitId: 'eu2008.pm10.day',
    choices: DEFAULT_CHOICES,
  };
}

function stationOf(id: string): Station {
  return {
    ...{ id, locationId: 1, name: id, position: { lat: 51, lon: 7 }, positionGridMetres: 100, isIndoor: false },
    ...{ isPublishedIndoor: false, isNoisePublic: false, sensorModels: ['sds011'], status: 'active', source: 'direct' },
    ...{ licence: 'ODbL-1.0', externalIds: [], createdAt: 0 },
  };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}
