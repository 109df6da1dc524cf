import type { Format } from '../../../server/domain/format.ts';

/** A signal strength, with a minus sign that is one. */
export function decibels(format: Format, value: number): string {
  return `${format.number(value, 0).replace('-', '−')} dBm`;
}
