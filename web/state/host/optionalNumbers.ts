/** What was typed into a field that may be left empty: a number, undefined for nothing, `wrong` for anything else. */
export type Typed = number | undefined | 'wrong';

/** Metres above sea level, as the API takes them: from the Dead Sea to the highest towns. */
export function typedAltitude(text: string): Typed {
  return typed(text.replace(/\s*m$/i, '').replace(',', '.').replace('−', '-'), /^-?\d+(\.\d+)?$/, [-430, 6000]);
}

/** A sensor's number at sensor.community. */
export function typedSensorNumber(text: string): Typed {
  return typed(text.replace(/^#/, ''), /^\d+$/, [1, 999_999_999]);
}

function typed(text: string, form: RegExp, [min, max]: readonly [number, number]): Typed {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = form.test(trimmed) ? Number(trimmed) : Number.NaN;
  return number >= min && number <= max ? number : 'wrong';
}
