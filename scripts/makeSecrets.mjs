import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fail, isProgram, say } from './run.mjs';

/** What docker-compose.yml cannot start without. Its own services know these; the operator needs the last two. */
const NAMES = [
  'STACK_MQTT_SERVER_PASSWORD',
  'STACK_MQTT_BRIDGE_PASSWORD',
  'STACK_INFLUX_PASSWORD',
  'STACK_INFLUX_TOKEN',
  'STACK_INFLUX_READER_PASSWORD',
  'STACK_GRAFANA_PASSWORD',
  'STACK_ADMIN_TOKEN',
];
/** The server's own keys: 26 characters of Crockford base32. */
const KEY_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function secretFor(name) {
  if (!name.endsWith('ADMIN_TOKEN')) return randomBytes(32).toString('base64url');
  return Array.from(randomBytes(26), (byte) => KEY_ALPHABET[byte & 31]).join('');
}

/** `text` of a .env file, with a fresh secret for each name it lacks. What is there stays. */
export function withSecrets(text) {
  const missing = NAMES.filter((name) => !new RegExp(`^${name}=.+$`, 'm').test(text));
  const lines = missing.map((name) => `${name}=${secretFor(name)}\n`);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines.join('')}`;
}

if (isProgram(import.meta.url)) {
  if (process.argv.length > 2) {
    fail('node scripts/makeSecrets.mjs: writes the secrets that docker compose needs to .env, those that are missing.');
  }
  const before = existsSync('.env') ? readFileSync('.env', 'utf8') : '';
  const after = withSecrets(before);
  writeFileSync('.env', after, { mode: 0o600 });
  say(after === before ? '.env has every secret already; nothing was changed.' : 'Secrets written to .env.');
}
