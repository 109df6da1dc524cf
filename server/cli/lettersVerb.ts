import { parseArgs } from 'node:util';
import { expectSuccess, withServerApi } from './adminApi.ts';
import { CommandError, UsageError, type Verb } from './verb.ts';

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

/** `letters [show|stop|release]`. */
export const lettersVerb: Verb = {
  summary: 'read the next letters of areas, or hold one back',
  help: HELP,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({ args, options: { json: { type: 'boolean' } }, allowPositionals: true });
    const { method, path, describe } = requestOf(positionals);
    const answer = await withServerApi(terminal, async (send) => {
      const { status, body } = await send(method, path);
      if (status === 404) throw new CommandError('There is no such letter: `letters` lists them.');
      return expectSuccess({ status, body });
    });
    terminal.out(values.json ? `${JSON.stringify(answer, undefined, 2)}\n` : describe(answer));
    return 0;
  },
};

function requestOf([action, area, kind, from, ...rest]: string[]) {
  if (action === undefined) {
    return { method: 'GET', path: '/api/v1/admin/letters/upcoming', describe: describeList };
  }
  if (!['show', 'stop', 'release'].includes(action)) throw new UsageError('Say what to do: show, stop or release.');
  if (area === undefined || kind === undefined || from === undefined || rest.length > 0) {
    throw new UsageError('Name the letter by area, week or month, and its first day.');
  }
  const path = `/api/v1/admin/letters/${[area, kind, from].map(encodeURIComponent).join('/')}`;
  if (action === 'show') return { method: 'GET', path, describe: describeLetter };
  return { method: 'POST', path: `${path}/${action}`, describe: (answer: unknown) => line(answer as LetterView) };
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
