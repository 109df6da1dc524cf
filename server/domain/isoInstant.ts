/**
 * Epoch ms of an ISO 8601 day or time; NaN where the text is none, and for a day that is in no calendar: `Date.parse`
 * makes 2 March of 30 February.
 */
export function isoInstant(text: string): number {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
  const lastOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= lastOfMonth ? Date.parse(text) : Number.NaN;
}
