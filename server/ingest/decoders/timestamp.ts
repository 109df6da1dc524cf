const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|\+00:00)$/;

/**
 * Epoch ms of an ISO 8601 UTC time such as `2024-11-05T18:30:00.250Z`; undefined for anything else, local times and
 * days that do not exist included.
 */
export function parseUtcTimestamp(raw: unknown): number | undefined {
  if (typeof raw !== 'string') return undefined;
  const match = FORM.exec(raw);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls 30 February or 25:00 over; the text must come back as it was.
  if (new Date(time).toISOString().slice(0, 19) !== raw.slice(0, 19)) return undefined;
  return time + Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
}
