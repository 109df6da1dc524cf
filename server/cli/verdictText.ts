import { BUNDLE_SCHEMA_VERSION } from '../citation/bundle.ts';
import type { Failure, Verdict } from '../citation/verifyBundle.ts';
import type { Language, Names } from '../domain/names.ts';

type Held = Exclude<Verdict, { outcome: 'fails' }>;

/** The verdict in words: the finding first, then what was checked and what nobody can check from here. */
export function verdictText(verdict: Verdict, language: Language, isKeyGiven: boolean): string {
  const say = (names: Names) => names[language];
  if (verdict.outcome === 'fails') return say(failureText(verdict.failure));
  const lines = [
    findingText(verdict),
    citationText(verdict),
    verdict.withdrawn === 0 ? FIGURE_CHECKED : REST_CHECKED,
    isKeyGiven ? KEY_CHECKED : keyUnchecked(verdict.bundle.publicKey),
    ...uncheckedTexts(verdict),
  ];
  return lines.map(say).join('\n');
}

const FIGURE_CHECKED: Names = {
  de: 'Geprüft: die Zahlen folgen aus den Messwerten.',
  en: 'Checked: the numbers follow from the measurements.',
};
const REST_CHECKED: Names = {
  de: 'Geprüft: was noch da ist, gehört zu diesem Zitat und ist unverändert. Die Zahl des Gebiets lässt sich ohne die zurückgezogenen Stationen nicht neu berechnen.',
  en: 'Checked: what is left belongs to this citation and is unchanged. The figure of the area cannot be computed anew without the withdrawn stations.',
};
const KEY_CHECKED: Names = {
  de: 'Geprüft: unterschrieben mit dem angegebenen Schlüssel.',
  en: 'Checked: signed with the key given.',
};

function keyUnchecked(publicKey: string): Names {
  return {
    de: `Nicht geprüft: wem der Schlüssel ${publicKey} gehört (--key).`,
    en: `Not checked: whose key ${publicKey} is (--key).`,
  };
}

function citationText({ bundle, rows }: Held): Names {
  const { evaluator, citedAt, question } = bundle.head.value;
  return {
    de: `Zitat ${bundle.id}\nfestgehalten ${citedAt}, Zeitraum ${question.from} bis ${question.to}, Verfahren ${evaluator}, ${rows} Stundenwerte.`,
    en: `Citation ${bundle.id}\nfrozen ${citedAt}, period ${question.from} to ${question.to}, method ${evaluator}, ${rows} hourly values.`,
  };
}

/** What stands in the bundle and cannot be computed anew from its hours. */
function uncheckedTexts({ bundle }: Held): Names[] {
  const { official, reference, comparable } = bundle.head.value;
  const texts: (Names | false)[] = [
    { de: 'Nicht geprüft: ob die Sensoren richtig maßen.', en: 'Not checked: whether the sensors measured right.' },
    official !== null && {
      de: 'Nicht geprüft: die amtlichen Vergleichswerte.',
      en: 'Not checked: the official values beside it.',
    },
    Boolean(reference) && {
      de: 'Nicht geprüft: der mit einer amtlichen Station abgeglichene Wert.',
      en: 'Not checked: the value adjusted to an official station.',
    },
    comparable !== undefined && {
      de: 'Nicht geprüft: der Vergleich mit anderen Zeiträumen.',
      en: 'Not checked: the comparison with other periods.',
    },
  ];
  return texts.filter((text) => text !== false);
}

function findingText(verdict: Record<'stations' | 'withdrawn' | 'withheldPlaces', number>): Names {
  const { stations: of, withdrawn, withheldPlaces } = verdict;
  if (withdrawn + withheldPlaces === 0) return { de: 'Hält.', en: 'Holds.' };
  const parts: Names[] = [];
  if (withdrawn > 0) {
    parts.push({
      de: of === 1 ? 'Die Station ist zurückgezogen.' : `${withdrawn} von ${of} Stationen sind zurückgezogen.`,
      en: of === 1 ? 'The station was withdrawn.' : `${withdrawn} of ${of} stations were withdrawn.`,
    });
  }
  if (withheldPlaces > 0) {
    parts.push({
      de: `Der Ort ${of === 1 ? 'der Station' : `von ${withheldPlaces} von ${of} Stationen`} steht nicht mehr darin; an den Zahlen ändert das nichts.`,
      en: `The place of ${of === 1 ? 'the station' : `${withheldPlaces} of ${of} stations`} was taken out; no number rests on it.`,
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
        de: `Hält nicht: Die Datei hat nicht die Form eines Zitats${place && `. Erste Abweichung: ${place}`}.`,
        en: `Does not hold: the file has not the form of a citation${place && `. First difference: ${place}`}.`,
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
