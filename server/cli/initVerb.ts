import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../config.ts';
import { LANGUAGES } from '../domain/names.ts';
import { makeFolder } from '../process/dataDirLock.ts';
import { packageRoot } from '../process/packageRoot.ts';
import { type Answers, draftOf, envText, isUnquotable, OWN_PAGES, QUESTIONS } from './instanceDraft.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const OPTIONS = {
  ...(Object.fromEntries(QUESTIONS.map(({ flag }) => [flag, { type: 'string' }])) as Record<
    string,
    { type: 'string' }
  >),
  yes: { type: 'boolean' },
} as const;

const HELP = `npx buergerluft init [--yes] [--place <text>] [--name <text>] ... (an option a question, see below)

Asks what makes an instance a municipality's own and writes .env (mode 0600) and drafts of the pages the operator answers for
(DATA_DIR/pages: imprint, privacy, accessibility, easy language, about). Nothing that exists is written over; secrets that
are in .env already stay. --yes asks nothing.

${QUESTIONS.map(({ flag, question, example }) => `--${flag.padEnd(12)} ${question} e.g. ${example}`).join('\n')}`;

/** `init`. */
export const initVerb: Verb = {
  summary: 'write settings and pages of an instance of your own',
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    const before = existsSync('.env') ? readFileSync('.env', 'utf8') : '';
    if (/^(?!STACK_)[A-Z]\w*=/m.test(before))
      throw new CommandError('.env has settings already: nothing was changed. Edit it, or move it away first.');
    const { yes, ...given } = values as Answers & { yes?: boolean };
    refuseWrong(given);
    const answers = yes ? given : await ask(given, terminal);
    writeFileSync('.env', envText(answers, before), { mode: 0o600 });
    const pages = writePages(resolve(answers['data-dir'] || './data'), answers);
    terminal.out(
      `Written: .env${pages.map((path) => `\n         ${path}`).join('')}\nRead the pages and fill in what is missing, then: npm start\n`,
    );
    return 0;
  },
};

/** Asks for what the command line does not say; an empty answer leaves it at its default, a wrong one is asked again. */
async function ask(given: Answers, terminal: Terminal): Promise<Answers> {
  if (!process.stdin.isTTY) throw new UsageError('There is nobody to ask: give the answers as options, with --yes.');
  terminal.err('An empty answer leaves a setting at its default. Everything can be changed later.\n\n');
  const answers: Answers = { ...given };
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const stopped = untilStopped(lines);
  for (const { flag, question, example } of QUESTIONS) {
    while (answers[flag] === undefined) {
      const asked = lines.question(`${question} (e.g. ${example}) `).catch(() => stopped);
      const answer = (await Promise.race([asked, stopped])).trim();
      const problem = problemOf(flag, answer);
      if (problem === undefined) answers[flag] = answer;
      else terminal.err(`${problem}\n`);
    }
  }
  lines.close();
  return answers;
}

/** Rejects at Ctrl-C and Ctrl-D, in our words: some versions of Node.js reject the question with theirs, others never settle it. */
function untilStopped(lines: Interface): Promise<never> {
  const stopped = new Promise<never>((_resolve, reject) => {
    lines.once('close', () => reject(new CommandError('\nStopped: nothing was written.')));
  });
  // The end of the questions closes them, too, and nobody waits any more.
  stopped.catch(() => undefined);
  return stopped;
}

/** What the server would refuse, all of it together. */
function refuseWrong(answers: Answers): void {
  const problems = QUESTIONS.flatMap(({ flag }) => problemOf(flag, answers[flag] ?? '') ?? []);
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
}

/** Why the server would not take an answer; undefined when it does. */
function problemOf(flag: string, answer: string): string | undefined {
  const { setting, isFile } = QUESTIONS.find((question) => question.flag === flag) ?? {};
  if (answer === '') return undefined;
  if (isFile && !existsSync(answer)) return `--${flag}: there is no file ${answer} (seen from ${process.cwd()}).`;
  if (setting === undefined) return undefined;
  if (isUnquotable(answer))
    return `--${flag}: one line, and no ' beside ", $, \\ or \`: .env cannot hold them together.`;
  try {
    loadConfig({ [setting]: answer });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n').replaceAll(`${setting}:`, `--${flag}:`);
    throw error;
  }
}

/** Drafts in the operator's folder; resolves to what was written. */
function writePages(dataDir: string, answers: Answers): string[] {
  const folder = join(dataDir, 'pages');
  makeFolder(folder);
  const names = OWN_PAGES.flatMap((page) => LANGUAGES.map((language) => ({ page, language })));
  return names.flatMap(({ page, language }) => {
    const path = join(folder, `${page}.${language}.md`);
    if (existsSync(path)) return [];
    const bundled = readFileSync(join(packageRoot(), 'web/content', `${page}.${language}.md`), 'utf8');
    writeFileSync(path, draftOf(page, language, bundled, answers), { mode: 0o600 });
    return path;
  });
}
