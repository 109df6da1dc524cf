import { ConfigError } from '../config.ts';
import { commandsHere } from '../domain/operator/ownCommand.ts';
import { DataDirError } from '../process/dataDirLock.ts';
import { noAccessText } from '../process/noAccess.ts';
import { programVersion } from '../process/programVersion.ts';
import { StoreUnavailableError } from '../store/readingStore.ts';
import { archiveVerb } from './archiveVerb.ts';
import { backupVerb } from './backupVerb.ts';
import { brokerConfigVerb } from './brokerConfigVerb.ts';
import { doctorVerb } from './doctorVerb.ts';
import { exportVerb } from './exportVerb.ts';
import { importVerb } from './importVerb.ts';
import { initVerb } from './initVerb.ts';
import { lettersVerb } from './lettersVerb.ts';
import { pruneVerb } from './pruneVerb.ts';
import { restoreVerb } from './restoreVerb.ts';
import { stationVerb } from './stationVerb.ts';
import { tokenVerb } from './tokenVerb.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';
import { verifyVerb } from './verifyVerb.ts';

const startVerb: Verb = {
  summary: 'start the server (npm start does the same)',
  help: 'npx buergerluft start [--demo [--speed N]]\n\nSettings come from the environment and .env; see .env.example.',
  run: async (args) => {
    // main.ts reads its own arguments and runs until it is told to stop.
    process.argv = [...process.argv.slice(0, 2), ...args];
    await import('../main.ts');
    return 0;
  },
};

const VERBS: Readonly<Record<string, Verb>> = {
  start: startVerb,
  init: initVerb,
  station: stationVerb,
  token: tokenVerb,
  import: importVerb,
  export: exportVerb,
  letters: lettersVerb,
  backup: backupVerb,
  restore: restoreVerb,
  prune: pruneVerb,
  doctor: doctorVerb,
  'broker-config': brokerConfigVerb,
  verify: verifyVerb,
  archive: archiveVerb,
};

/** Runs one command line. Resolves to the exit code: 0 done, 1 could not be done, 2 wrong command line. */
export async function runCli(args: readonly string[], given: Terminal): Promise<number> {
  const terminal = withCommandsHere(given);
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.err(usage());
    return 2;
  }
  if (isHelp(name) || name === 'help') {
    terminal.out(commandsHere(usage(), terminal.isContainer === true));
    return 0;
  }
  if (name === '--version') {
    terminal.out(`${programVersion()}\n`);
    return 0;
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) {
    terminal.err(`There is no verb ${name}.\n\n${usage()}`);
    return 2;
  }
  if (rest.some(isHelp)) {
    terminal.out(`${commandsHere(verb.help, terminal.isContainer === true)}\n`);
    return 0;
  }
  return runVerb(verb, withNegativeNumbers(rest), terminal);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** `--lat -33.9` as `--lat=-33.9`: half of the world lies south or west, and a dash would begin an option. */
function withNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1);
    const isItsNumber = /^-[\d.]/.test(arg) && option !== undefined && /^--[^=]+$/.test(option);
    if (isItsNumber) joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** What is said to the operator names our commands as they are typed there. What goes to `out` is left as it is: it may be data. */
function withCommandsHere(terminal: Terminal): Terminal {
  return { ...terminal, err: (text) => terminal.err(commandsHere(text, terminal.isContainer === true)) };
}

async function runVerb(verb: Verb, args: string[], terminal: Terminal): Promise<number> {
  try {
    return await verb.run(args, terminal);
  } catch (error) {
    if (isUsageError(error)) {
      terminal.err(`${error.message}\n\n${verb.help}\n`);
      return 2;
    }
    if (!isOperational(error) && !isOfAPath(error)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return String(code).startsWith('ERR_PARSE_ARGS');
}

/** Errors whose message tells the operator all there is to know. */
function isOperational(error: unknown): error is Error {
  return [CommandError, ConfigError, DataDirError, StoreUnavailableError].some((kind) => error instanceof kind);
}

/** A refusal of the file system that names its path, such as a folder that is not there; cli.ts says whom a file is for. */
function isOfAPath(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'path' in error && !noAccessText(error);
}

function usage(): string {
  const verbs = Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(13)} ${summary}`);
  return ['npx buergerluft <verb> [--help]', '', ...verbs, ''].join('\n');
}
