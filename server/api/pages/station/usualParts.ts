import { type Format, spanOfValues } from '../../../domain/format.ts';
import type { Quantity } from '../../../domain/quantity.ts';
import type { UsualParts } from '../texts/pageTexts.ts';
import { standsToUsual, type Usual } from './figures.ts';

/** What page and sheet say of this hour on other days; `value` is the valid mean of the last 60 minutes, if one is shown. */
export function usualParts(
  usual: Usual,
  { quantity, value, format }: { quantity: Quantity; value: number | undefined; format: Format },
): UsualParts {
  return {
    ...(value !== undefined && { standing: standsToUsual(usual, value) }),
    span: spanOfValues(format, quantity, [usual.min, usual.max]),
    median: format.value(quantity, usual.median),
    days: usual.days,
    hour: format.time(usual.hour),
  };
}
