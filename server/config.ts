import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import {
  addressLimit,
  brokerUrl,
  contact,
  duration,
  keyText,
  latLon,
  logLevel,
  nodeId,
  port,
  rateLimit,
  region,
  roles,
  siteUrl,
  spoolLimit,
  timeZone,
  trustProxy,
  yesNo,
} from './configTypes.ts';
import { MINUTE_MS } from './domain/durations.ts';
import { fieldWords } from './domain/fieldWords.ts';
import { LANGUAGES } from './domain/names.ts';
import { STORE_KINDS } from './domain/storeKind.ts';
import { roleProblems } from './nodes/roleProblems.ts';

/** At least one setting is wrong; the message lists every problem, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Every setting: its form, its default, and the line that documents it. Names are those of the environment. */
const settings = z.object({
  HTTP_PORT: port.default(8080).describe('Port of the dashboard, the API and the HTTP device doors.'),
  HTTP_HOST: z.string().optional().describe('Address to listen on; without it all addresses.'),
  HTTPS_PORT: port.optional().describe('Port for HTTPS; needs TLS_CERT and TLS_KEY.'),
  TLS_CERT: z.string().optional().describe('PEM file with the certificate chain.'),
  TLS_KEY: z.string().optional().describe('PEM file with the private key.'),
  DEVICE_TLS_PORT: port.optional().describe('Port for HTTPS pushes of devices, with the suites of old firmware.'),
  DEVICE_TLS_CERT: z
    .string()
    .optional()
    .describe('PEM certificate for it, RSA for firmware before 2024; without it TLS_CERT.'),
  DEVICE_TLS_KEY: z.string().optional().describe('PEM private key for it; without it TLS_KEY.'),
  TRUST_PROXY: trustProxy
    .prefault('none')
    .describe('Whose X-Forwarded-* headers count: none, a number of proxies, or addresses (loopback,10.0.0.0/8).'),
  PUBLIC_URL: siteUrl('https://luft.example.org')
    .optional()
    .describe('Address under which people reach this instance, for links in mails and files.'),
  DEVICE_URL: siteUrl('http://luft.example.org')
    .optional()
    .describe(
      'Where the HTTP device doors are, as devices reach them, when not at PUBLIC_URL: http://luft.example.org.',
    ),
  MQTT_PORT: port.default(1883).describe('Port of the embedded MQTT broker.'),
  MQTT_URL: brokerUrl.optional().describe('External MQTT broker; with it the embedded one stays off.'),
  MQTT_USERNAME: z.string().optional().describe('User name at the external broker.'),
  MQTT_PASSWORD: z.string().optional().describe('Password at the external broker.'),
  BRIDGE_USERNAME: z
    .string()
    .default('bridge')
    .describe('User name of firmware bridges at a Mosquitto whose dynamic security plugin the server keeps.'),
  BRIDGE_PASSWORD: z
    .string()
    .optional()
    .describe('Their password there; with it the server makes the account when it is missing.'),
  NODE_ID: nodeId.default('main').describe('Name of this process among several of one instance.'),
  ROLES: roles
    .prefault('all')
    .describe('Parts this process runs: all, or of several nodes ingest, aggregator, web or bridge (docs/operate.md).'),
  REGISTRY_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as http://aggregator:8080' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('With ROLES=web: where the aggregator answers, which takes what is written.'),
  DATA_DIR: z.string().default('./data').describe('Folder of the databases, keys and queues; made with mode 0700.'),
  STORE: z.enum(STORE_KINDS).default('duckdb').describe('Where readings are kept: duckdb or influxdb.'),
  INFLUX_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as http://influxdb:8086' })
    .optional()
    .describe('InfluxDB server (1.6 to 1.8, 2.x).'),
  INFLUX_TOKEN: z.string().optional().describe('InfluxDB 2 token; on 1.x user:password.'),
  INFLUX_ORG: z.string().optional().describe('InfluxDB 2 organisation.'),
  INFLUX_BUCKET: z.string().optional().describe('InfluxDB bucket, or database on 1.x.'),
  INFLUX_USERNAME: z.string().optional().describe('InfluxDB 1.x user name.'),
  INFLUX_PASSWORD: z.string().optional().describe('InfluxDB 1.x password.'),
  INSTANCE_NAME: z.string().max(80).default('Bürgerluft').describe('Name shown in the header and in page titles.'),
  LOGO: z.string().optional().describe('SVG, PNG or WebP file shown before the name.'),
  CONTACT: contact.optional().describe('Whom people can ask: an e-mail address or a URL.'),
  LANGUAGE: z.enum(LANGUAGES).default('de').describe('Language when the browser states none we have: de or en.'),
  TIME_ZONE: timeZone.default('Europe/Berlin').describe('IANA time zone in which people read times.'),
  DAY_OFFSET: z
    .string()
    .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, 'must look like +01:00')
    .default('+01:00')
    .describe(
      'Fixed offset of the days that limits and reports use: that of the clocks in winter (Germany: UTC+1, official practice).',
    ),
  MIRROR_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://data.sensor.community/static/v1/data.json' })
    .optional()
    .describe(
      'File of sensor.community to mirror a region from, asked every five minutes; needs MIRROR_AREA and CONTACT.',
    ),
  MIRROR_AREA: region.optional().describe('What is mirrored: "lat,lon,km".'),
  HOME_ASSISTANT: yesNo
    .prefault('false')
    .describe(
      'true: tell Home Assistant of every public station over MQTT discovery (topics homeassistant/device/...).',
    ),
  FURTHER_INDICES: yesNo
    .prefault('false')
    .describe(
      'true: the US AQI (2024, with NowCast) beside LQI and EAQI on pages of stations; it and the UK DAQI on /methods and in the API.',
    ),
  COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a code of two letters such as DE')
    .default('DE')
    .describe(
      'Country of the stations (ISO 3166-1), as the Sensor.Community-compatible API tells it; mirrored ones keep theirs.',
    ),
  MAP_CENTER: latLon.optional().describe('Centre of the map, "lat,lon"; without it the map fits its stations.'),
  MAP_ZOOM: z.coerce.number().min(0).max(20).optional().describe('Zoom level of the map at start, 0 to 20.'),
  MAP_FILE: z.string().optional().describe('PMTiles file of OpenStreetMap, served by this server (docs/maps.md).'),
  PLACES_FILE: z.string().optional().describe('File for the offline search of places (docs/maps.md).'),
  TILE_URL: z
    .string()
    .regex(/^https?:\/\/(\{s\}\.)?[^/{}]+\/.*\{z\}.*$/, 'must look like https://tiles.example.org/{z}/{x}/{y}.png')
    .optional()
    .describe('Tile server, asked by the browsers of your visitors; without it nothing is fetched from others.'),
  TILE_ATTRIBUTION: z.string().max(300).optional().describe('Credit the tile server asks for.'),
  DISTRICTS: z.string().optional().describe('GeoJSON file with the districts, in degrees (WGS 84).'),
  DATA_LICENCE: z.string().max(60).default('ODbL-1.0').describe('Licence of the data new stations contribute.'),
  ADMIN_TOKEN: keyText
    .optional()
    .describe('Admin key, 26 characters; when absent one is made in DATA_DIR/admin-token (mode 0600).'),
  REGISTRATION: z
    .enum(['open', 'approval', 'closed'])
    .default('approval')
    .describe('Who may add a station: open (anyone), approval (anyone, an admin lets it through) or closed.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be a URL such as smtps://user:password@mail.example.org' })
    .optional()
    .describe('Mail server for messages to owners, viewers and the operator; without it no mail is sent.'),
  MAIL_FROM: z.string().optional().describe('Sender of those mails, such as luft@example.org.'),
  OPERATOR_MAIL: z
    .email({ error: 'must be an e-mail address' })
    .optional()
    .describe('Who is mailed when ingest stops, the disk fills, a backup is old or a certificate ends; else CONTACT.'),
  RETENTION: duration.optional().describe('How long raw readings are kept, such as 1095d; without it for ever.'),
  BACKUP_DIR: z
    .string()
    .optional()
    .describe('Folder for backups, best on another disk; with it one is made every day. Without it none is.'),
  BACKUP_KEEP: z.coerce.number().int().min(1).max(999).default(14).describe('Backups kept in BACKUP_DIR.'),
  SPOOL_LIMIT: spoolLimit
    .prefault('1GB,30d')
    .describe('Most disk space for pushes that wait for a store that is away, and how long they may wait.'),
  RATE_LIMIT: rateLimit.prefault('600,2').describe('HTTP pushes a device may send: burst, then so many a second.'),
  ADDRESS_LIMIT: addressLimit
    .prefault('500,1000,50')
    .describe(
      'Connections of one address, its requests at once, then so many a second; not of this machine or a trusted proxy.',
    ),
  METRICS_PUBLIC: yesNo.prefault('false').describe('true: /metrics needs no admin key.'),
  LOG_LEVEL: logLevel
    .default('info')
    .describe('Least weight of a log line: fatal, error, warn, info, debug, trace or silent.'),
});

/** All settings, checked and typed, under their environment names. */
export type Config = z.output<typeof settings>;

/** Name, default (as it would be typed; undefined when there is none) and meaning of each setting, in order. */
export const SETTINGS_DOC: readonly { name: string; default: string | undefined; doc: string }[] = Object.entries(
  settings.shape,
).map(([name, field]) => ({ name, default: defaultText(field), doc: field.description ?? '' }));

/**
 * Reads the settings from an environment. Empty values count as absent, as docker-compose passes them. `alsoWrong`:
 * what the caller found wrong with them, such as files that are not there.
 * @throws ConfigError with all problems at once.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  alsoWrong: readonly string[] = [],
): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given, { error: fieldWords });
  const issues = parsed.success ? [] : parsed.error.issues;
  const problems = [...issues.map(describeIssue), ...crossProblems(given), ...alsoWrong];
  if (!parsed.success || problems.length > 0) throw new ConfigError([...problems, ...settingHints(env)]);
  return parsed.data;
}

/** Prefixes that only our settings use; a name with one that is no setting is most likely a slip. */
const OWN_PREFIXES = [
  'HTTP_',
  'HTTPS_',
  'TLS_',
  'DEVICE_TLS_',
  'MQTT_',
  'INFLUX_',
  'MAP_',
  'TILE_',
  'SMTP_',
  'METRICS_',
  'REGISTRY_',
];
/** Well-known names with such a prefix that others read. */
const FOREIGN_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY'];

/** One sentence for each variable that looks like a setting of ours but is none. Worth a warning, never an error. */
export function settingHints(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(SETTINGS_DOC.map(({ name }) => name));
  return Object.keys(env)
    .filter((name) => !known.has(name) && !FOREIGN_NAMES.includes(name))
    .filter((name) => OWN_PREFIXES.some((prefix) => name.startsWith(prefix)))
    .map((name) => `${name} is no setting of this program; see .env.example for all of them`);
}

/** Reads a `.env` file into a plain object; empty when there is no such file. */
export function readDotEnv(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  return { ...parseEnv(readFileSync(path, 'utf8')) } as Record<string, string>;
}

/** `DAY_OFFSET` in milliseconds: `+01:00` is 3,600,000. */
export function offsetMs(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

/** What is missing beside what is given: told from the texts, so that a wrong setting does not hide it. */
function crossProblems(config: Readonly<Partial<Record<keyof Config, string>>>): string[] {
  const problems: string[] = [];
  const need = (when: boolean, name: keyof Config, why: string) => {
    if (when && config[name] === undefined) problems.push(`${name} is missing: ${why}`);
  };
  need(config.STORE === 'influxdb', 'INFLUX_URL', 'STORE=influxdb needs it');
  need(config.STORE === 'influxdb', 'INFLUX_BUCKET', 'STORE=influxdb needs it');
  need(config.TLS_KEY !== undefined || config.HTTPS_PORT !== undefined, 'TLS_CERT', 'HTTPS needs TLS_CERT and TLS_KEY');
  need(config.TLS_CERT !== undefined || config.HTTPS_PORT !== undefined, 'TLS_KEY', 'HTTPS needs TLS_CERT and TLS_KEY');
  const lacksDeviceTls = config.DEVICE_TLS_PORT !== undefined && config.TLS_CERT === undefined;
  need(lacksDeviceTls || config.DEVICE_TLS_KEY !== undefined, 'DEVICE_TLS_CERT', 'the device listener needs both');
  need(lacksDeviceTls || config.DEVICE_TLS_CERT !== undefined, 'DEVICE_TLS_KEY', 'the device listener needs both');
  need(config.MIRROR_URL !== undefined, 'MIRROR_AREA', 'MIRROR_URL needs a region');
  need(config.MIRROR_URL !== undefined, 'CONTACT', 'sensor.community wants to know whom to ask about a mirror');
  need(config.SMTP_URL !== undefined, 'MAIL_FROM', 'SMTP_URL needs a sender');
  need(config.MQTT_PASSWORD !== undefined, 'MQTT_USERNAME', 'MQTT_PASSWORD needs a user name');
  return [...problems, ...portProblems(config), ...roleProblems(config)];
}

/** Two listeners on one port: the second would say that another program has it. */
function portProblems(config: Readonly<Partial<Record<keyof Config, string>>>): string[] {
  const { HTTP_PORT = '8080', HTTPS_PORT, DEVICE_TLS_PORT, MQTT_PORT = '1883', MQTT_URL } = config;
  const ports = { HTTP_PORT, HTTPS_PORT, DEVICE_TLS_PORT, ...(MQTT_URL === undefined && { MQTT_PORT }) };
  const nameByPort = new Map<number, string>();
  return Object.entries(ports).flatMap(([name, text]) => {
    const port = Number(text);
    const other = nameByPort.get(port);
    // 0 is any free port.
    if (port > 0 && other === undefined) nameByPort.set(port, name);
    return other === undefined ? [] : [`${name}: must be another port than ${other}, ${port}`];
  });
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
}

function defaultText(field: z.ZodType): string | undefined {
  const parsed = field instanceof z.ZodDefault || field instanceof z.ZodPrefault ? field.def.defaultValue : undefined;
  return parsed === undefined ? undefined : String(parsed);
}
