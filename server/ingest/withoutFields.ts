import type { Reading } from '../domain/reading.ts';

/** A reading without the fields that `part`, some of the same reading, has; undefined when none is left. */
export function withoutFields(reading: Reading, part: Reading): Reading | undefined {
  const values = without(reading.values, part.values);
  const extra = without(reading.extra ?? {}, part.extra ?? {});
  const [hasValues, hasExtra] = [values, extra].map((fields) => Object.keys(fields).length > 0);
  if (!hasValues && !hasExtra) return undefined;
  const { extra: _all, ...rest } = reading;
  return { ...rest, values, ...(hasExtra && { extra }) };
}

function without<Fields extends object>(fields: Fields, gone: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(gone, name))) as Fields;
}
