import type { Format } from '../../../domain/format.ts';
import { type Language, QUANTITY_NAMES } from '../../../domain/names.ts';
import type { PublicNotice } from '../../../domain/operator/publicNotice.ts';
import type { Quantity } from '../../../domain/quantity.ts';
import type { PageTexts } from '../texts/pageTexts.ts';

/** How the page speaks. */
export interface Speech {
  texts: PageTexts;
  format: Format;
  language: Language;
  chosenLanguage: Language | undefined;
  timeZone: string;
  /** What the operator tells about the days shown. */
  notices?: readonly PublicNotice[];
}

/** Name of a quantity for the start of a sentence. */
export function quantityName(quantity: Quantity, language: Language): string {
  const name = QUANTITY_NAMES[quantity][language];
  return name.charAt(0).toUpperCase() + name.slice(1);
}
