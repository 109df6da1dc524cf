import { parseArgs } from 'node:util';
import { type Config, loadConfig, offsetMs } from '../config.ts';
import { DAY_MS } from '../domain/durations.ts';
import { controlSocketPath } from '../process/controlSocket.ts';
import { lockHolder } from '../process/dataDirLock.ts';
import { LEAST_KEPT_MS, PruneRefusal, type PruneReport, prune } from '../retention/prune.ts';
import { askServer } from './controlJob.ts';
import { refuseNewFolder, withOwnStores } from './ownStores.ts';
import { counted, number } from './progressLines.ts';
import { CommandError, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft prune --before <YYYY-MM-DD> [--dry-run | --yes] [--json]

Removes the raw readings measured before that day, for good. Says what goes and what stays; does it only with --yes.
Hourly and daily means stay, with everything made of them; every citation keeps its own copy of its hours. At least the
last ${LEAST_KEPT_MS / DAY_MS} days stay. With RETENTION the server does the same by itself, every hour.

--before   first day that stays (it begins at DAY_OFFSET)
--dry-run  only say it, which is what happens without --yes`;

/** `prune`. */
export const pruneVerb: Verb = {
  summary: 'remove old raw readings, after saying what that means',
  help: HELP,
  run: async (args, terminal) => {
    const options = { before: { type: 'string' }, yes: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options: { ...options, json: { type: 'boolean' } } });
    const config = loadConfig(terminal.env);
    const isDryRun = values.yes !== true || values['dry-run'] === true;
    const report = await pruned(config, { before: dayOf(values.before, config), isDryRun });
    terminal.out(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report, config));
    return 0;
  },
};

function dayOf(text: string | undefined, { DAY_OFFSET }: Config): number {
  const at = Date.parse(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(at);
  if (!isDay || new Date(at).toISOString().slice(0, 10) !== text)
    throw new UsageError('Say which day: --before 2024-01-01.');
  return at - offsetMs(DAY_OFFSET);
}

async function pruned(config: Config, job: { before: number; isDryRun: boolean }): Promise<PruneReport> {
  if (lockHolder(config.DATA_DIR) !== undefined) {
    return askServer<PruneReport>(controlSocketPath(config.DATA_DIR), { path: '/_control/prune', job });
  }
  refuseNewFolder(config);
  try {
    const dayOffsetMs = offsetMs(config.DAY_OFFSET);
    return await withOwnStores(config, (stores) => prune({ ...stores, dayOffsetMs, clock: Date.now }, job));
  } catch (error) {
    throw error instanceof PruneRefusal ? new CommandError(error.message, { cause: error }) : error;
  }
}

function textOf({ before, readings, stations, officialStations, isDone }: PruneReport, { DAY_OFFSET }: Config): string {
  const day = new Date(before + offsetMs(DAY_OFFSET)).toISOString().slice(0, 10);
  if (readings === 0) return `There is nothing to remove: no readings before ${day} (days at ${DAY_OFFSET}).\n`;
  const lines = [
    `Readings before ${day} (days at ${DAY_OFFSET}): ${number(readings)} of ${counted(stations, 'station')}${isDone ? ', removed' : ''}.`,
    '',
    isDone ? 'No longer to be had:' : 'What can no longer be had or made anew afterwards:',
    '- single readings and means of 5 and 15 minutes of that time: pages, API, files, exports',
    '- hourly and daily means by other rules, with another DAY_OFFSET, after late readings, or without periods marked from now on',
    '- what devices did at that time: signal, cadence, stuck or humid instruments',
    '- whether an hourly mean follows from single readings, except from a backup made before',
    'What stays as it is:',
    '- hourly and daily means, and with them districts, reports, days above limits and past hours of the map',
    '- every citation: it keeps its own copy of its hours and still verifies',
    `- hourly means of ${counted(officialStations, 'official station')}`,
  ];
  if (!isDone) lines.push('', 'Nothing has been removed. Back up first; then the same again with --yes.');
  return `${lines.join('\n')}\n`;
}
