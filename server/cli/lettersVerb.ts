import { parseArgs } from 'node:util';
import { type Action, runAction } from './action.ts';
import { expectSuccess, withServerApi } from './adminApi.ts';
import { CommandError, type Terminal, type Verb } from './verb.ts';

const HELP = `npx buergerluft letters [--json]
npx buergerluft letters show <area> <week|month> <first day> [--json]
npx buergerluft letters stop <area> <week|month> <first day>
npx buergerluft letters release <area> <week|month> <first day>

Without a word: the letters of areas that come out next, at 08:00 of the day after their week or month ended.
show     a letter as it is mailed, German and English
stop     holds it back: it is not mailed, not in the feed, and its page says so. Mails that are out are out
release  lets it out again

Example: npx buergerluft letters stop ehrenfeld week 2026-11-16. Needs the running server.`;

interface LetterView {
  area: { id: string; name: string };
  kind: string;
  from: string;
  to: string;
  comesOutAt: string;
  status: string;
  subscribers: number;
}
type ReadableLetter = LetterView & { texts: Record<string, { title: string; text: string }> | null };

const OPTIONS = { json: { type: 'boolean' } } as const;
const LETTERS = '/api/v1/admin/letters';

type Values = { json?: boolean | undefined };

/** `letters [show|stop|release]`. */
export const lettersVerb: Verb = {
  summary: 'read the next letters of areas, or hold one back',
  help: HELP,
  run: async (args, terminal) => {
    await runAction(ACTIONS, parseArgs({ args, options: OPTIONS, allowPositionals: true }), terminal);
    return 0;
  },
};

const ONE_LETTER = { words: 3, ask: 'Name the letter by area, week or month, and its first day.' } as const;

const ACTIONS: Readonly<Record<string, Action<Values>>> = {
  '': {
    options: ['json'],
    run: ({ json }, _words, terminal) =>
      ask(terminal, { method: 'GET', path: `${LETTERS}/upcoming`, describe: describeList, json }),
  },
  show: {
    ...ONE_LETTER,
    options: ['json'],
    run: ({ json }, words, terminal) =>
      ask(terminal, { method: 'GET', path: pathOf(words), describe: describeLetter, json }),
  },
  stop: standing('stop'),
  release: standing('release'),
};

function standing(action: 'stop' | 'release'): Action<Values> {
  const describe = (answer: unknown) => line(answer as LetterView);
  return {
    ...ONE_LETTER,
    options: ['json'],
    run: ({ json }, words, terminal) =>
      ask(terminal, { method: 'POST', path: `${pathOf(words)}/${action}`, describe, json }),
  };
}

function pathOf(words: readonly string[]): string {
  return `${LETTERS}/${words.map(encodeURIComponent).join('/')}`;
}

/** What the server is asked about letters, and how its answer reads. */
interface Asked {
  method: string;
  path: string;
  describe: (answer: unknown) => string;
  json: boolean | undefined;
}

async function ask(terminal: Terminal, { method, path, describe, json }: Asked): Promise<void> {
  const answer = await withServerApi(terminal, async (send) => {
    const { status, body } = await send(method, path);
    if (status === 404) throw new CommandError('There is no such letter: `letters` lists them.');
    return expectSuccess({ status, body });
  });
  terminal.out(json ? `${JSON.stringify(answer, undefined, 2)}\n` : describe(answer));
}

function describeList(answer: unknown): string {
  const { letters } = answer as { letters: LetterView[] };
  return letters.length === 0 ? 'No letter comes out today or tomorrow.\n' : letters.map(line).join('');
}

function describeLetter(answer: unknown): string {
  const letter = answer as ReadableLetter;
  if (letter.texts === null) return `${line(letter)}Nothing was measured: no letter goes out.\n`;
  const texts = Object.values(letter.texts).map(({ title, text }) => `\n${title}\n\n${text}\n`);
  return line(letter) + texts.join('\n---\n');
}

function line({ area, kind, from, comesOutAt, status, subscribers }: LetterView): string {
  return `${area.id} ${kind} ${from}  ${status}, ${subscribers} by mail, comes out ${comesOutAt}\n`;
}
