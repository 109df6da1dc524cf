import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { referenceSchema } from '../api/admin/archiveJobs.ts';
import type { ImportRequest } from '../archive/importer.ts';
import type { ImportReport } from '../archive/importReport.ts';
import type { ReferenceRequest } from '../archive/reference/referenceStations.ts';
import { fieldWords } from '../domain/fieldWords.ts';
import type { Position } from '../domain/station.ts';
import { withArchiveJobs } from './archiveHost.ts';
import { describeImport } from './describeImport.ts';
import { progressLines } from './progressLines.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft import <files or folders...> [--dry-run] [--join-locations] [--station <id>] [--again] [--json]
npx buergerluft import --reference --network <name> --licence <name> [--code <code>] [--position <lat,lon>]
                       [--type background|traffic|industrial] [--name <name>] [--dry-run] [--json] <files or folders...>

Reads archive.sensor.community files (.csv, .csv.gz, also with commas or a month of many sensors in one), day files of
Madavi and logs of airRohr pushes; folders with everything below them. See docs/import.md.

--dry-run         reads and judges everything, stores nothing
--join-locations  sensors of one sensor.community location become one station
--station <id>    everything goes to this station (Madavi files and logs of a device that no station has need it)
--again           also reads files that were imported before
--json            prints the report as JSON

--reference       the files hold means of an official network: answers of the Umweltbundesamt's API (measures, stations),
                  its download (CSV) or plain CSV; they make official stations, which count in no figure of citizens
--network, --licence   who measures and under which licence the values may be shown
--code, --position, --type, --name   what the files do not say of a station; API files of stations say all of it

Can be stopped and run again at any time: what is stored already is found to be. A running server does the work itself
and goes on measuring.`;

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  'join-locations': { type: 'boolean' },
  station: { type: 'string' },
  again: { type: 'boolean' },
  json: { type: 'boolean' },
  reference: { type: 'boolean' },
  network: { type: 'string' },
  licence: { type: 'string' },
  code: { type: 'string' },
  position: { type: 'string' },
  type: { type: 'string' },
  name: { type: 'string' },
} as const;

/** Exit code of a program that was interrupted: 128 and the number of SIGINT. */
const STOPPED = 130;

/** `import <files or folders...>`: exit code 0, 1 when a file could not be read, 130 when it was stopped. */
export const importVerb: Verb = {
  summary: 'import archive files of sensor.community, Madavi, airRohr logs and official networks',
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
      reference: referenceOf(values),
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

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** What `--reference` and its companions say; undefined without it. */
function referenceOf(values: Values): ReferenceRequest | undefined {
  const { reference: isReference, network, licence, code, position, type, name } = values;
  if (!isReference) {
    const lost = Object.entries({ network, licence, code, position, type, name }).find(
      ([, value]) => value !== undefined,
    );
    if (lost) throw new UsageError(`--${lost[0]} needs --reference.`);
    return undefined;
  }
  if (!network || !licence)
    throw new UsageError('--reference needs --network and --licence: both are shown with every value.');
  // It makes stations of its own: what is meant for sensors of citizens would be passed over.
  for (const option of ['station', 'join-locations'] as const) {
    if (values[option] !== undefined) throw new UsageError(`--reference takes no --${option}.`);
  }
  const asked = referenceSchema.safeParse(
    { network, licence, code, name, type, position: positionOf(position) },
    { error: fieldWords },
  );
  if (asked.success) return asked.data;
  throw new UsageError(asked.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`).join('\n'));
}

function positionOf(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  const [lat = Number.NaN, lon = Number.NaN, ...more] = text.split(',').map(Number);
  const isPosition = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && more.length === 0;
  if (!isPosition) throw new UsageError('--position is lat,lon in degrees, such as 51.96,7.62.');
  return { lat, lon };
}

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
