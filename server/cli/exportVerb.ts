import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isoInstant } from '../domain/isoInstant.ts';
import { STATION_ID } from '../domain/station.ts';
import { withArchiveJobs } from './archiveHost.ts';
import { counted } from './progressLines.ts';
import { UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft export --station <id> [--from <day>] [--to <day>] [--format csv|parquet] [--out <folder>] [--json]

Writes a station's readings, flagged ones too, with its public position.

--from, --to  days or times in UTC, e.g. 2026-03-01 or 2026-03-01T12:00:00Z; --to is the first that is not written
--format      csv (default): as archive.sensor.community, a file a sensor a day; parquet: one file
--out         folder for the files, default ./export`;

const OPTIONS = {
  station: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const TIME_FORM = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/;

/** `export --station <id>`. */
export const exportVerb: Verb = {
  summary: 'export a station as archive files or Parquet',
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    const { station = '', format = 'csv', out = 'export' } = values;
    if (!STATION_ID.test(station))
      throw new UsageError('Say which station: --station <id>; `station list` shows them.');
    if (format !== 'csv' && format !== 'parquet') throw new UsageError('--format is csv or parquet.');
    const window = { from: timeOf('--from', values.from) ?? 0, to: timeOf('--to', values.to) ?? Date.now() };
    if (window.from >= window.to) throw new UsageError('--from must be before --to.');
    const request = { stationId: station, format, folder: resolve(out), ...window } as const;
    const report = await withArchiveJobs(terminal, (jobs) => jobs.export(request));
    const { files, rows, licence } = report;
    terminal.out(
      values.json
        ? `${JSON.stringify(report, undefined, 2)}\n`
        : `${counted(rows, 'reading')} in ${counted(files.length, 'file')} in ${request.folder}${licence === undefined ? '' : `; licence: ${licence}`}\n`,
    );
    return 0;
  },
};

/** Epoch ms of a day or time in UTC. */
function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = TIME_FORM.test(text) ? isoInstant(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${option} must look like 2026-03-01 or 2026-03-01T12:00:00Z.`);
  return time;
}
