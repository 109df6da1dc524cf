import { ALTITUDES } from '../../../server/domain/seaLevel.ts';

/** What was typed into a field that may be left empty: a number, undefined for nothing, `wrong` for anything else. */
export type Typed = number | undefined | 'wrong';

/** Metres above sea level, as the API takes them. */
export function typedAltitude(text: string): Typed {
  const number = text.trim().replace(/\s*m$/i, '').replace(',', '.').replace('−', '-');
  return typed(number, /^-?\d+(\.\d+)?$/, [ALTITUDES.min, ALTITUDES.max]);
}

/** Their sensors have numbers of up to five digits, ten years on; ids of chips nearly always have seven or eight. */
const LARGEST_SENSOR_NUMBER = 999_999;

/** A sensor's number at sensor.community, as their map shows it (`#39300`); never the id of a chip. */
export function typedSensorNumber(text: string): Typed {
  return typed(text.trim().replace(/^#/, ''), /^\d+$/, [1, LARGEST_SENSOR_NUMBER]);
}

function typed(text: string, form: RegExp, [min, max]: readonly [number, number]): Typed {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = form.test(trimmed) ? Number(trimmed) : Number.NaN;
  return number >= min && number <= max ? number : 'wrong';
}
