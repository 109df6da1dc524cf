import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { packageRoot } from '../packageRoot.ts';
import { type Answers, envText, imprintText, OWN_PAGES, QUESTIONS } from './instanceDraft.ts';
import { CommandError, UsageError, type Verb } from './verb.ts';

const OPTIONS = {
  ...(Object.fromEntries(QUESTIONS.map(({ flag }) => [flag, { type: 'string' }])) as Record<
    string,
    { type: 'string' }
  >),
  yes: { type: 'boolean' },
} as const;

const HELP = `npx buergerluft init [--yes] ${QUESTIONS.map(({ flag }) => `[--${flag} <text>]`).join(' ')}

Asks what makes an instance a municipality's own and writes .env (mode 0600) and drafts of the pages the operator answers for
(DATA_DIR/pages: imprint, privacy, accessibility, about). Nothing that exists is written over. --yes asks nothing.

${QUESTIONS.map(({ flag, question, example }) => `--${flag.padEnd(11)} ${question} e.g. ${example}`).join('\n')}`;

/** `init`. */
export const initVerb: Verb = {
  summary: 'write settings and pages of an instance of your own',
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    if (existsSync('.env'))
      throw new CommandError('.env exists already: nothing was changed. Edit it, or move it away first.');
    const { yes, ...given } = values as Answers & { yes?: boolean };
    const answers = yes ? given : await ask(given);
    const text = envText(answers);
    checkSettings(text);
    writeFileSync('.env', text, { mode: 0o600, flag: 'wx' });
    const pages = writePages(resolve(answers['data-dir'] || './data'), answers);
    terminal.out(
      `Written: .env${pages.map((path) => `\n         ${path}`).join('')}\nRead the pages, then: npm start\n`,
    );
    return 0;
  },
};

/** Asks for what the command line does not say; an empty answer leaves it at its default. */
async function ask(given: Answers): Promise<Answers> {
  if (!process.stdin.isTTY) throw new UsageError('There is nobody to ask: give the answers as options, with --yes.');
  const answers: Answers = { ...given };
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  for (const { flag, question, example } of QUESTIONS) {
    if (answers[flag] === undefined) answers[flag] = (await lines.question(`${question} (e.g. ${example}) `)).trim();
  }
  lines.close();
  return answers;
}

/** What is written must be what the server takes. */
function checkSettings(text: string): void {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  const pairs = lines.map((line) => [line.slice(0, line.indexOf('=')), JSON.parse(line.slice(line.indexOf('=') + 1))]);
  loadConfig(Object.fromEntries(pairs) as Record<string, string>);
}

/** Drafts in the operator's folder; resolves to what was written. */
function writePages(dataDir: string, answers: Answers): string[] {
  const folder = join(dataDir, 'pages');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = OWN_PAGES.flatMap((page) => ['de', 'en'].map((language) => ({ page, language }) as const));
  return names.flatMap(({ page, language }) => {
    const path = join(folder, `${page}.${language}.md`);
    if (existsSync(path)) return [];
    const bundled = readFileSync(join(packageRoot(), 'web/content', `${page}.${language}.md`), 'utf8');
    writeFileSync(path, page === 'imprint' ? imprintText(bundled, answers) : bundled, { mode: 0o600 });
    return path;
  });
}
