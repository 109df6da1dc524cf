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
 * The id of a district, fit for a link: its own number or key, else its name; undefined when it has neither. Object
 * numbers are not used: programs hand them out anew at every export.
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
  return [own, id, name].map((candidate) => slug(String(candidate ?? ''))).find((text) => AREA_ID.test(text));
}

const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', å: 'aa' };

/** `altstadt-sued` for `Altstadt/Süd`. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[äöüßæøå]/g, (letter) => UMLAUTS[letter] ?? letter)
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
