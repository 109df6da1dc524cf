/**
 * JSON in the one form of RFC 8785: keys in order of UTF-16 units, no blanks, numbers as ECMAScript writes them. The same
 * data always gives the same bytes, whatever wrote it.
 * @throws TypeError for what JSON cannot hold: NaN, infinities, undefined, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return isPlainList(value) ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value as Record<string, unknown>);
  return canonicalScalar(value);
}

function canonicalObject(value: Record<string, unknown>): string {
  const members = Object.keys(value)
    .sort()
    .map((key) => `${canonicalScalar(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
}

function canonicalScalar(value: unknown): string {
  if (!isScalar(value)) throw new TypeError(`JSON cannot hold ${String(value)}`);
  return JSON.stringify(value);
}

/**
 * Lists of scalars and of objects with at most one scalar member are in the one form as `JSON.stringify` writes them: the
 * rows, nearly all of a bundle, are such lists.
 */
function isPlainList(list: readonly unknown[]): boolean {
  for (const item of list) {
    if (typeof item !== 'object' || item === null) {
      if (!isScalar(item)) return false;
    } else if (Array.isArray(item) || !isPlainObject(item as Record<string, unknown>)) return false;
  }
  return true;
}

function isPlainObject(object: Record<string, unknown>): boolean {
  let members = 0;
  for (const key in object) {
    members += 1;
    if (members > 1 || !isScalar(key) || !isScalar(object[key])) return false;
  }
  return true;
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return !SURROGATE.test(value) || !LONE_SURROGATE.test(value);
  return typeof value === 'boolean' || value === null;
}

const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
