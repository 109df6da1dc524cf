import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { BUNDLE_SCHEMA_VERSION } from '../citation/bundle.ts';
import { type Failure, type Verdict, verifyBundle } from '../citation/verifyBundle.ts';
import type { Language, Names } from '../domain/names.ts';
import { CommandError, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft verify <bundle.json> [--key <public key>] [--lang de|en] [--json]

Checks a citation's bundle on this machine alone: nothing is fetched, no server is asked. Every hour is held against the
citation's id, the id against the signature, and the figure is computed anew from the hours with the method it was made with.

--key   the instance's public key, from a source you trust; without it only the bundle's own is looked at
--lang  language of the answer, de (default) or en
--json  the answer for programs

Ends with 0 when the citation holds (also in part, after a withdrawal), with 1 when it does not.`;

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
    if (lang !== 'de' && lang !== 'en') throw new UsageError('--lang is de or en.');
    const verdict = withKey(verifyBundle(await textOf(file)), key);
    terminal.out(
      values.json ? `${JSON.stringify(brief(verdict))}\n` : `${describe(verdict, lang, key !== undefined)}\n`,
    );
    return verdict.outcome === 'fails' ? 1 : 0;
  },
};

async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    // 1f 8b: gzip, as a bundle may have been kept.
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
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

/** The verdict in words: the finding first, then what was checked and what nobody can check from here. */
function describe(verdict: Verdict, language: Language, isKeyGiven: boolean): string {
  const say = (names: Names) => names[language];
  if (verdict.outcome === 'fails') return say(failureText(verdict.failure));
  const { stations, withdrawn, withheldPlaces, rows, bundle } = verdict;
  const { evaluator, citedAt, question } = bundle.head.value;
  const lines: Names[] = [
    findingText({ stations, withdrawn, withheldPlaces }),
    {
      de: `Zitat ${bundle.id}\nfestgehalten ${citedAt}, Zeitraum ${question.from} bis ${question.to}, Verfahren ${evaluator}, ${rows} Stundenwerte.`,
      en: `Citation ${bundle.id}\nfrozen ${citedAt}, period ${question.from} to ${question.to}, method ${evaluator}, ${rows} hourly values.`,
    },
    withdrawn === 0
      ? {
          de: 'Geprüft: die Zahlen folgen aus den Messwerten.',
          en: 'Checked: the numbers follow from the measurements.',
        }
      : {
          de: 'Geprüft: was noch da ist, gehört zu diesem Zitat und ist unverändert. Die Zahl des Gebiets lässt sich ohne die zurückgezogenen Stationen nicht neu berechnen.',
          en: 'Checked: what is left belongs to this citation and is unchanged. The figure of the area cannot be computed anew without the withdrawn stations.',
        },
    isKeyGiven
      ? { de: 'Geprüft: unterschrieben mit dem angegebenen Schlüssel.', en: 'Checked: signed with the key given.' }
      : {
          de: `Nicht geprüft: wem der Schlüssel ${bundle.publicKey} gehört (--key).`,
          en: `Not checked: whose key ${bundle.publicKey} is (--key).`,
        },
    {
      de: 'Nicht geprüft: ob die Sensoren richtig maßen.',
      en: 'Not checked: whether the sensors measured right.',
    },
  ];
  if (bundle.head.value.official !== null) {
    lines.push({
      de: 'Nicht geprüft: die amtlichen Vergleichswerte.',
      en: 'Not checked: the official values beside it.',
    });
  }
  if (bundle.head.value.reference) {
    lines.push({
      de: 'Nicht geprüft: der mit einer amtlichen Station abgeglichene Wert.',
      en: 'Not checked: the value adjusted to an official station.',
    });
  }
  if (bundle.head.value.comparable !== undefined) {
    lines.push({
      de: 'Nicht geprüft: der Vergleich mit anderen Zeiträumen.',
      en: 'Not checked: the comparison with other periods.',
    });
  }
  return lines.map(say).join('\n');
}

function findingText(verdict: Record<'stations' | 'withdrawn' | 'withheldPlaces', number>): Names {
  const { stations: of, withdrawn, withheldPlaces } = verdict;
  if (withdrawn + withheldPlaces === 0) return { de: 'Hält.', en: 'Holds.' };
  const parts: Names[] = [];
  if (withdrawn > 0) {
    parts.push({
      de: `${withdrawn} von ${of} Stationen sind zurückgezogen.`,
      en: `${withdrawn} of ${of} stations were withdrawn.`,
    });
  }
  if (withheldPlaces > 0) {
    parts.push({
      de: `Der Ort von ${withheldPlaces} von ${of} Stationen steht nicht mehr darin; an den Zahlen ändert das nichts.`,
      en: `The place of ${withheldPlaces} of ${of} stations was taken out; no number rests on it.`,
    });
  }
  return {
    de: `Hält, soweit prüfbar. ${parts.map(({ de }) => de).join(' ')}`,
    en: `Holds as far as checkable. ${parts.map(({ en }) => en).join(' ')}`,
  };
}

function failureText(failure: Failure): Names {
  const place = failure.path;
  switch (failure.reason) {
    case 'not-json':
      return { de: 'Hält nicht: Die Datei ist kein JSON.', en: 'Does not hold: the file is no JSON.' };
    case 'form':
      return {
        de: `Hält nicht. Erste Abweichung: ${place || 'Datei'} hat nicht die Form eines Zitats (${failure.message}).`,
        en: `Does not hold. First difference: ${place || 'file'} has not the form of a citation (${failure.message}).`,
      };
    case 'leaf': {
      const hour = failure.at === undefined ? '' : `, ${new Date(failure.at).toISOString()}`;
      return {
        de: `Hält nicht. Erste Abweichung: ${place}${hour} wurde nach dem Zitieren geändert.`,
        en: `Does not hold. First difference: ${place}${hour} was changed after it was cited.`,
      };
    }
    case 'root':
      return {
        de: `Hält nicht. Erste Abweichung: ${place} passt nicht zum Inhalt.`,
        en: `Does not hold. First difference: ${place} does not fit what the file holds.`,
      };
    case 'signature':
      return {
        de: `Hält nicht. Erste Abweichung: ${place}: Die Unterschrift ist nicht die des Schlüssels.`,
        en: `Does not hold. First difference: ${place}: the signature is not the key's.`,
      };
    case 'figure':
      return {
        de: `Hält nicht. Erste Abweichung: ${place} ist mit ${JSON.stringify(failure.stated)} angegeben, aus den Messwerten folgt ${JSON.stringify(failure.computed)}.`,
        en: `Does not hold. First difference: ${place} is stated as ${JSON.stringify(failure.stated)}, the measurements give ${JSON.stringify(failure.computed)}.`,
      };
    case 'unknown-method':
      return {
        de: `Nicht prüfbar: Dieses Programm kennt das Verfahren ${failure.method} nicht. Eine neuere Fassung kennt es.`,
        en: `Cannot be checked: this program does not know the method ${failure.method}. A newer release does.`,
      };
    case 'newer-form':
      return {
        de: `Nicht prüfbar: Das Zitat hat die Form ${failure.version}, dieses Programm kennt ${BUNDLE_SCHEMA_VERSION}. Eine neuere Fassung kennt sie.`,
        en: `Cannot be checked: the citation has form ${failure.version}, this program knows ${BUNDLE_SCHEMA_VERSION}. A newer release knows it.`,
      };
  }
}
