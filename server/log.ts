import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Never written, wherever in the first three levels they stand: keys, positions, and addresses that carry either. */
const SECRET_FIELDS = [
  'authorization',
  'token',
  'ownerKey',
  'adminToken',
  'password',
  'position',
  'lat',
  'lon',
  'url',
  'ip',
  'address',
  'remoteAddress',
];
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** A logger of JSON lines on standard output (or `destination`), from `level` upwards, without secrets or IP addresses. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Warns of a failure of what is tried again and again: the same one is told once, another one again. */
export function warnOnce(log: Logger): (error: unknown, text: string) => void {
  let told: string | undefined;
  return (error, text) => {
    const failure = `${text}: ${error instanceof Error ? error.message : String(error)}`;
    if (failure !== told) log.warn({ err: error }, text);
    told = failure;
  };
}

/** An error without the properties Node hangs on it: `address`, `path` and the like would name people's hosts. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: error.message, stack: error.stack, ...(cause === undefined ? {} : { cause }) };
}
