import { z } from 'zod';
import { ConfigError } from '../server/config.ts';
import { brokerUrl, logLevel, nodeId, port, rateLimit, spoolLimit, yesNo } from '../server/configTypes.ts';
import { fieldWords } from '../server/domain/fieldWords.ts';

/** Every setting of the bridge as a program of its own; names and forms are those of the server where both have them. */
const settings = z.object({
  HTTP_PORT: port.default(8080).describe('Port of the device doors.'),
  HTTP_HOST: z.string().optional().describe('Address to listen on; without it all addresses.'),
  DEVICE_TLS_PORT: port.optional().describe('Port for HTTPS pushes of devices, with the suites of old firmware.'),
  DEVICE_TLS_CERT: z.string().optional().describe('PEM certificate for it, RSA for firmware before 2024.'),
  DEVICE_TLS_KEY: z.string().optional().describe('PEM private key for it.'),
  MQTT_URL: brokerUrl
    .default('mqtt://127.0.0.1:1883')
    .describe('The broker: that of the server, or the one the server takes its messages from.'),
  MQTT_USERNAME: z.string().optional().describe('Service account at the broker.'),
  MQTT_PASSWORD: z.string().optional().describe('Its password.'),
  NODE_ID: nodeId.default('bridge').describe('Name of this bridge; another one for each.'),
  DATA_DIR: z.string().default('./data/bridge').describe('Folder of the spool and the copy of the registry.'),
  SPOOL_LIMIT: spoolLimit
    .prefault('1GB,30d')
    .describe('Most disk space for pushes that wait for the server, and how long they may wait.'),
  RATE_LIMIT: rateLimit.prefault('600,2').describe('HTTP pushes a device may send: burst, then so many a second.'),
  METRICS_PUBLIC: yesNo.prefault('false').describe('true: /metrics is there, for anyone who reaches the port.'),
  LOG_LEVEL: logLevel.default('info').describe('Least weight of a log line.'),
});

/** The bridge's settings, checked and typed, under their environment names. */
export type BridgeConfig = z.output<typeof settings>;

/** Name and meaning of each setting, in order. */
export const BRIDGE_SETTINGS_DOC: readonly { name: string; doc: string }[] = Object.entries(settings.shape).map(
  ([name, field]) => ({ name, doc: field.description ?? '' }),
);

/**
 * Reads the settings from an environment; empty values count as absent.
 * @throws ConfigError with all problems at once.
 */
export function loadBridgeConfig(env: Readonly<Record<string, string | undefined>>): BridgeConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given, { error: fieldWords });
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const problems = crossProblems(parsed.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

function crossProblems(config: BridgeConfig): string[] {
  const { DEVICE_TLS_PORT, DEVICE_TLS_CERT, DEVICE_TLS_KEY, MQTT_PASSWORD, MQTT_USERNAME } = config;
  const problems: string[] = [];
  const hasBoth = DEVICE_TLS_CERT !== undefined && DEVICE_TLS_KEY !== undefined;
  if (DEVICE_TLS_PORT !== undefined && !hasBoth) {
    problems.push('DEVICE_TLS_CERT and DEVICE_TLS_KEY are missing: DEVICE_TLS_PORT needs both');
  }
  if (MQTT_PASSWORD !== undefined && MQTT_USERNAME === undefined) {
    problems.push('MQTT_USERNAME is missing: MQTT_PASSWORD needs a user name');
  }
  return problems;
}
