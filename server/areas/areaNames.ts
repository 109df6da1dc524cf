import { createHash } from 'node:crypto';
import { AREA_ID } from '../domain/area.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Properties that hold a district's number or key in the files of cities and states, most telling first. */
const ID_PROPERTIES = [
  /^id$/i,
  /(^|_)(nr|nummer|number|no)$/i,
  /(^|_)(code|key|schl|schluessel|schlüssel|ags|ars|gkz|gss)$/i,
  /^@id$/i,
];
/** Properties that hold a name, most telling first. */
const NAME_PROPERTIES = [/^name$/i, /name$/i, /^(bezeichnung|bez|titel|title|label|stadtteil|bezirk|quartier|ward)$/i];

/** The name of a district; undefined when its properties hold none. */
export function nameOf(properties: Properties): string | undefined {
  const found = firstOf(properties, NAME_PROPERTIES, (value) => typeof value === 'string' && value.trim() !== '');
  return found === undefined ? undefined : String(found).trim();
}

/**
 * The id of a district, fit for a link: its own number or key, else its name, as a hash where that is not in Latin letters;
 * undefined when it has neither. Object numbers are not used: programs hand them out anew at every export.
 */
export function idOf({
  id,
  properties,
  name,
}: {
  id?: string | number | undefined;
  properties: Properties;
  name: string | undefined;
}): string | undefined {
  const own = firstOf(properties, ID_PROPERTIES, (value) => typeof value === 'string' || typeof value === 'number');
  const ids = [own, id].map((candidate) => slug(String(candidate ?? '')));
  return [...ids, nameId(name ?? '')].find((text) => AREA_ID.test(text));
}

/** What is left of a name in another script, a house number say, would be the same for many districts. */
function nameId(name: string): string {
  const isLatin = !/[^\p{Script=Latin}\P{L}]/u.test(name);
  const text = slug(name);
  if (name === '' || (isLatin && text !== '')) return text;
  return `area-${createHash('sha256').update(name.normalize('NFC')).digest('hex').slice(0, 10)}`;
}

/** Latin letters that no accent makes of others. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', å: 'aa' },
  ...{ ł: 'l', đ: 'd', ð: 'd', þ: 'th', œ: 'oe', ı: 'i' },
};

/** `altstadt-sued` for `Altstadt/Süd`. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äöüßæøåłđðþœı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

function firstOf(properties: Properties, keys: readonly RegExp[], isFit: (value: unknown) => boolean): unknown {
  for (const key of keys) {
    const found = Object.entries(properties).find(([name, value]) => key.test(name) && isFit(value));
    if (found) return found[1];
  }
  return undefined;
}
