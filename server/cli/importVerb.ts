import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportRequest } from '../archive/importer.ts';
import type { ImportReport } from '../archive/importReport.ts';
import { withArchiveJobs } from './archiveHost.ts';
import { describeImport } from './describeImport.ts';
import { progressLines } from './progressLines.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft import <files or folders...> [--dry-run] [--join-locations] [--station <id>] [--again] [--json]

Reads archive.sensor.community files (.csv, .csv.gz, also with commas or a month of many sensors in one), day files of
Madavi and logs of airRohr pushes; folders with everything below them. See docs/import.md.

--dry-run         reads and judges everything, stores nothing
--join-locations  sensors of one sensor.community location become one station
--station <id>    everything goes to this station (Madavi files and logs of a device that no station has need it)
--again           also reads files that were imported before
--json            prints the report as JSON

Can be stopped and run again at any time: what is stored already is found to be. A running server does the work itself
and goes on measuring.`;

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  'join-locations': { type: 'boolean' },
  station: { type: 'string' },
  again: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** Exit code of a program that was interrupted: 128 and the number of SIGINT. */
const STOPPED = 130;

/** `import <files or folders...>`: exit code 0, 1 when a file could not be read, 130 when it was stopped. */
export const importVerb: Verb = {
  summary: 'import archive files of sensor.community, Madavi and airRohr logs',
  help: HELP,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (positionals.length === 0) throw new UsageError('Say which files or folders to import.');
    const request = {
      paths: positionals.map((path) => resolve(path)),
      isDryRun: values['dry-run'],
      isJoining: values['join-locations'],
      isAgain: values.again,
      stationId: values.station,
    };
    return untilStopped(async (signal) => {
      try {
        const report = await importWatched(request, signal, terminal);
        print(report, values.json ?? false, terminal);
        return exitCodeOf(report);
      } catch (error) {
        // A server that is told to stop by the end of the connection has no report to give any more.
        if (!signal.aborted || !(error instanceof CommandError)) throw error;
        terminal.err(`${error.message}\n`);
        return STOPPED;
      }
    });
  },
};

async function importWatched(request: ImportRequest, signal: AbortSignal, terminal: Terminal): Promise<ImportReport> {
  const progress = progressLines(terminal);
  try {
    return await withArchiveJobs(terminal, (jobs) => jobs.import(request, { signal, onProgress: progress.show }));
  } finally {
    progress.end();
  }
}

/** Ctrl-C ends the work in order; a second one ends the program. */
async function untilStopped<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function print(report: ImportReport, isJson: boolean, terminal: Terminal): void {
  terminal.out(isJson ? `${JSON.stringify(report, undefined, 2)}\n` : describeImport(report));
}

function exitCodeOf({ isStopped, files }: ImportReport): number {
  if (isStopped) return STOPPED;
  return files.refused > 0 ? 1 : 0;
}
