import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { errorCode } from '../archive/archiveFile.ts';
import { type Verdict, verifyBundle } from '../citation/verifyBundle.ts';
import { isLanguage } from '../domain/names.ts';
import { fileTrouble } from './fileTrouble.ts';
import { UsageError, type Verb } from './verb.ts';
import { verdictText } from './verdictText.ts';

const HELP = `npx buergerluft verify <bundle.json> [--key <public key>] [--lang de|en] [--json]

Checks a citation's bundle on this machine alone: nothing is fetched, no server is asked. Every hour is held against the
citation's id, the id against the signature, and the figure is computed anew from the hours with the method it was made with.

--key   the instance's public key, from a source you trust; without it only the bundle's own is looked at
--lang  language of the answer, de (default) or en
--json  the answer for programs

Ends with 0 when the citation holds (also in part, after a withdrawal), with 1 when it does not, with 2 when there is no file
to check.`;

const OPTIONS = { key: { type: 'string' }, lang: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `verify <bundle.json>`. */
export const verifyVerb: Verb = {
  summary: "check a citation's bundle, offline",
  help: HELP,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Say which file: verify <bundle.json>.');
    const { lang = 'de', key } = values;
    if (!isLanguage(lang)) throw new UsageError('--lang is de or en.');
    const read = await textOf(file);
    if ('trouble' in read) {
      terminal.err(`${file} cannot be read: ${read.trouble}.\n`);
      return 2;
    }
    const verdict = withKey(verifyBundle(read.text), key);
    terminal.out(
      values.json ? `${JSON.stringify(brief(verdict))}\n` : `${verdictText(verdict, lang, key !== undefined)}\n`,
    );
    return verdict.outcome === 'fails' ? 1 : 0;
  },
};

/** What the file holds, or why that cannot be told. */
async function textOf(file: string): Promise<{ text: string } | { trouble: string }> {
  try {
    const bytes = await readFile(file);
    // 1f 8b: gzip, as a bundle may have been kept.
    return { text: (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString() };
  } catch (error) {
    return { trouble: fileTrouble(errorCode(error)) };
  }
}

function withKey(verdict: Verdict, key: string | undefined): Verdict {
  if (key === undefined || verdict.outcome === 'fails' || verdict.bundle.publicKey === key.toLowerCase())
    return verdict;
  return { outcome: 'fails', failure: { reason: 'signature', path: 'publicKey' } };
}

function brief(verdict: Verdict): object {
  if (verdict.outcome === 'fails') return verdict;
  const { bundle, ...rest } = verdict;
  return { ...rest, id: bundle.id, publicKey: bundle.publicKey, evaluator: bundle.head.value.evaluator };
}
