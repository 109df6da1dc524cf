/**
 * How much a licence asks of whoever passes the data on, most first. A database made of several needs all of them kept;
 * the strictest is named first. SPDX ids; whatever is not here is put first, because it must be read.
 */
const STRICTEST_FIRST = [
  'ODbL-1.0',
  'CC-BY-NC-SA-4.0',
  'CC-BY-NC-4.0',
  'CC-BY-SA-4.0',
  'CC-BY-4.0',
  'ODC-By-1.0',
  'OGL-UK-3.0',
  'DL-DE-BY-2.0',
  'CC0-1.0',
  'PDDL-1.0',
  'DL-DE-ZERO-2.0',
];

/** The licences, each once, the strictest first. A text may name several, and whom to credit. */
export function strictestFirst(licences: Iterable<string>): string[] {
  const rank = (licence: string) => {
    const words = licence.split(/[ ;]+/);
    return STRICTEST_FIRST.findIndex((id) => words.includes(id));
  };
  return [...new Set(licences)].sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** Whether the texts all name the same single licence, whomever else they credit. */
export function isOneLicence(licences: readonly string[]): boolean {
  const named = licences.map((text) => text.split(/[ ;]+/).filter((word) => STRICTEST_FIRST.includes(word)));
  return named.every((ids) => ids.length > 0) && new Set(named.flat()).size === 1;
}
