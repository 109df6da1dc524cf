import type { Names } from '../names.ts';

/** While means that a page shows are missing or out of date. */
export const MEANS_BEHIND: Names = {
  de: 'Die Mittelwerte sind noch nicht auf dem neuesten Stand: Einige werden gerade neu gebildet. Die Zahlen können sich in den nächsten Minuten ändern.',
  en: 'The means are not up to date yet: some are being made anew. The figures may change in the next minutes.',
};
