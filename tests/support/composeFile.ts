import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { packageRoot } from '../../server/process/packageRoot.ts';

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  image: string;
  environment?: Record<string, string>;
  healthcheck: { test: string[] };
  restart: string;
  volumes?: string[];
  ports?: string[];
  logging?: unknown;
  profiles?: string[];
  cap_add?: string[];
  cap_drop?: string[];
  entrypoint?: string[];
  secrets?: unknown;
  security_opt?: string[];
  build?: string;
  read_only?: boolean;
  user?: string;
}

/** docker-compose.yml, its merges resolved. */
export const compose = parse(readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
};

/** Names and services, all but the one that runs once and ends. */
export const services = Object.entries(compose.services).filter(([name]) => name !== 'owners');

const { withSecrets } = (await import(pathToFileURL(join(packageRoot(), 'scripts/makeSecrets.mjs')).href)) as {
  withSecrets(text: string): string;
};

export { withSecrets };

/** Names in `.env` text with their values. */
export function envOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** A service's environment as Docker Compose makes it of `${NAME:?why}` and `${NAME:-default}`. */
export function environmentOf(service: ComposeService, env: Record<string, string>): Record<string, string> {
  const substitute = (text: string) =>
    text.replace(/\$\{(\w+):([?-])([^}]*)\}/g, (_match, name: string, kind: string, rest: string) => {
      return env[name] ?? (kind === '-' ? rest : '');
    });
  const pairs = Object.entries(service.environment ?? {}).map(([name, value]) => [name, substitute(value)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
