import { isIP } from 'node:net';
import { z } from 'zod';
import { DAY_MS } from './domain/durations.ts';
import { normaliseKey } from './process/keys.ts';

/** The forms of settings that are more than text: each reads what stands in the environment. */

/** A TCP port in decimal digits; 0 lets the system choose one. */
export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port number');

/** Address of an MQTT broker. */
export const brokerUrl = z.url({
  protocol: /^(mqtts?|wss?)$/,
  error: 'must be a URL such as mqtt://broker:1883',
});

/** Name of a process among others. */
export const nodeId = z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -');

/** Least weight of a log line. */
export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

/** `true`/`false`, `yes`/`no`, `1`/`0`. */
export const yesNo = z.stringbool({ error: 'must be true or false' });

/** `lat,lon` in degrees. */
export const latLon = z
  .string()
  .regex(/^-?\d{1,2}(\.\d+)?\s*,\s*-?\d{1,3}(\.\d+)?$/, 'must look like 51.45,7.01')
  .transform((text) => text.split(',').map(Number))
  .refine(([lat = 91, lon = 181]) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180, 'is not on the globe')
  .transform(([lat = 0, lon = 0]) => ({ lat, lon }));

/** `lat,lon,km`: a circle. */
export const region = z
  .string()
  .regex(/^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?,\d{1,3}(\.\d+)?$/, 'must look like 51.45,7.01,15')
  .transform((text) => text.split(',').map(Number))
  .transform(([lat = 0, lon = 0, kilometres = 0]) => ({ lat, lon, kilometres }))
  .refine(({ lat, lon, kilometres }) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && kilometres > 0, {
    error: 'must be latitude, longitude and a radius in km, such as 51.45,7.01,15',
  });

/** Where people or devices find us, without a slash at the end: a host, nothing behind it, since everything lies at the root. */
export const siteUrl = (example: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be a URL such as ${example}` })
    .superRefine((text, context) => {
      if (!URL.canParse(text) || !/^https?:/i.test(text)) return;
      const { username, password, pathname, search, hash } = new URL(text);
      if (username + password !== '') context.addIssue('must have no user and password: everybody reads it');
      if (/[?#]/.test(text) || pathname !== '/') {
        const behind = `${pathname === '/' ? '' : pathname}${search}${hash}`;
        context.addIssue(
          `must end with the host, without ${behind}: everything lies at the root of a name such as ${example}`,
        );
      }
    })
    .transform((url) => url.replace(/\/+$/, ''));

/** Whom to ask: pages print it, mails and the catalogue link it. */
export const contact = z.string().max(200).refine(isContact, {
  error: 'must be an e-mail address such as luft@example.org, or a URL such as https://example.org/contact',
});

/** A zone this Node.js knows. */
export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

/** Express's `trust proxy` without its dangerous form "everyone": `false`, a number of hops, or addresses. */
export const trustProxy = z.string().transform((text, context): false | number | string[] => {
  if (text === 'none' || text === 'false') return false;
  if (/^[1-9]$/.test(text)) return Number(text);
  const addresses = text.split(',').map((part) => part.trim());
  if (addresses.every(isProxyAddress)) return addresses;
  context.addIssue('must be none, a number of proxies from 1 to 9, or addresses such as loopback,10.0.0.0/8');
  return z.NEVER;
});

/** What a process may do of the work of several; `all`: everything, in one. */
export const ROLES = ['all', 'ingest', 'aggregator', 'registry', 'web', 'bridge'] as const;
/** One of `ROLES`. */
export type Role = (typeof ROLES)[number];

/** Roles with commas between them. Which of them go together is for `roleProblems` to say. */
export const roles = z.string().transform((text, context): readonly Role[] => {
  const names = text.split(',').map((part) => part.trim());
  const found = ROLES.filter((role) => names.includes(role));
  if (found.length === names.length) return found;
  context.addIssue(`must be all, or one or more of ${ROLES.slice(1).join(', ')} with commas between them`);
  return z.NEVER;
});

/** An admin key as we issue them, normalised. */
export const keyText = z.string().transform((text, context) => {
  const key = normaliseKey(text);
  if (key !== undefined) return key;
  context.addIssue('must be 26 characters of Crockford base32 (leave it away and one is made for you)');
  return z.NEVER;
});

/** `400d`, `52w` or `3y` as milliseconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[dwy]$/, 'must look like 400d, 52w or 3y')
  .transform(msOf);
const DAYS = { d: 1, w: 7, y: 365 };

/** `500MB` or `2GB,14d`: most bytes, and longest wait in ms (30 days when only a size is given). */
export const spoolLimit = z
  .string()
  .regex(/^[1-9]\d{0,5}[KMGT]B(,[1-9]\d{0,4}[dwy])?$/, 'must look like 500MB or 2GB,14d (size, then age)')
  .transform((text) => text.split(','))
  .transform(([size = '', age = '30d']) => ({ bytes: bytesOf(size), ageMs: msOf(age) }));

function bytesOf(text: string): number {
  return Number(text.slice(0, -2)) * 1000 ** ('KMGT'.indexOf(text.at(-2) ?? 'K') + 1);
}

function msOf(text: string): number {
  return Number(text.slice(0, -1)) * DAYS[text.slice(-1) as keyof typeof DAYS] * DAY_MS;
}

/** `connections,burst,perSecond`: what one address may hold and ask for. */
export const addressLimit = z
  .string()
  .regex(
    /^[1-9]\d{0,5},[1-9]\d{0,6},[1-9]\d{0,5}$/,
    'must look like 500,1000,50 (connections, burst, then so many a second)',
  )
  .transform((text) => text.split(',').map(Number))
  .transform(([connections = 0, burst = 0, perSecond = 0]) => ({ connections, burst, perSecond }));

/** `burst,perSecond`. */
export const rateLimit = z
  .string()
  .regex(/^[1-9]\d{0,6},(0\.\d+|[1-9]\d{0,4}(\.\d+)?)$/, 'must look like 600,2 (burst, then so many a second)')
  .transform((text) => text.split(',').map(Number))
  .transform(([burst = 0, perSecond = 0]) => ({ burst, perSecond }));

/** True for an address that mail can be sent to. */
export function isMailAddress(text: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text);
}

function isContact(text: string): boolean {
  return /^https?:/.test(text) ? URL.canParse(text) && !/\s/.test(text) : isMailAddress(text) && !text.includes(':');
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    // Intl has no other way to ask; it throws RangeError for a name it does not know.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
