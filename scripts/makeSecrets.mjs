import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isProgram, say } from './run.mjs';

/** What docker-compose.yml cannot start without. Only its own services know these. */
const NAMES = [
  'STACK_MQTT_SERVER_PASSWORD',
  'STACK_MQTT_BRIDGE_PASSWORD',
  'STACK_INFLUX_PASSWORD',
  'STACK_INFLUX_TOKEN',
];

/** `text` of a .env file, with a fresh 256-bit secret for each name it lacks. What is there stays. */
export function withSecrets(text) {
  const missing = NAMES.filter((name) => !new RegExp(`^${name}=.+$`, 'm').test(text));
  const lines = missing.map((name) => `${name}=${randomBytes(32).toString('base64url')}\n`);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines.join('')}`;
}

if (isProgram(import.meta.url)) {
  const before = existsSync('.env') ? readFileSync('.env', 'utf8') : '';
  const after = withSecrets(before);
  writeFileSync('.env', after, { mode: 0o600 });
  say(after === before ? '.env has every secret already; nothing was changed.' : 'Secrets written to .env.');
}
