import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { BRIDGE_SETTINGS_DOC, loadBridgeConfig } from '../firmware-bridge/config.ts';
import { loadConfig, SETTINGS_DOC } from '../server/config.ts';
import { packageRoot } from '../server/packageRoot.ts';

interface Service {
  image: string;
  environment: Record<string, string>;
  healthcheck: { test: string[] };
  restart: string;
  volumes?: string[];
  build?: string;
  read_only?: boolean;
  user?: string;
}
const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const { withSecrets } = (await import(pathToFileURL(join(packageRoot(), 'scripts/makeSecrets.mjs')).href)) as {
  withSecrets(text: string): string;
};

/** Names in `.env` text with their values. */
function envOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** What Docker Compose makes of `${NAME:?why}` and `${NAME:-}`. */
function substitute(text: string, env: Record<string, string>): string {
  return text.replace(/\$\{(\w+):[?-][^}]*\}/g, (_match, name: string) => env[name] ?? '');
}

describe('docker-compose.yml', () => {
  it('has the four services', () => {
    expect(services.map(([name]) => name)).toEqual(['mosquitto', 'influxdb', 'server', 'firmware-bridge']);
  });

  it.each(services)('%s is pinned to a version, checks its health and restarts', (_name, service) => {
    expect(service.image).toMatch(/^[a-z-]+:\d+\.\d+\.\d+$/);
    expect(service.healthcheck.test[0]).toMatch(/^CMD/);
    expect(service.restart).toBe('unless-stopped');
  });

  it('keeps the state of broker, store, server and bridge in volumes, and shares the accounts between server and broker', () => {
    const mounted = services.flatMap(([name, { volumes }]) => (volumes ?? []).map((volume) => `${name} ${volume}`));
    expect(mounted.filter((mount) => !mount.includes(' ./'))).toEqual([
      'mosquitto mosquitto:/mosquitto/data',
      'mosquitto accounts:/mosquitto/devices:ro',
      'influxdb influxdb:/var/lib/influxdb2',
      'influxdb influxdb-config:/etc/influxdb2',
      'server server:/data',
      'server accounts:/data/mosquitto',
      'firmware-bridge bridge:/data',
    ]);
    const volumes = ['mosquitto', 'influxdb', 'influxdb-config', 'server', 'accounts', 'bridge'];
    expect(Object.keys(compose.volumes)).toEqual(volumes);
  });

  it('runs everything but InfluxDB, whose entry point writes to its own folders, on a read-only file system', () => {
    expect(services.filter(([, service]) => service.read_only !== true).map(([name]) => name)).toEqual(['influxdb']);
  });

  it.each(services)(
    '%s has no secret of its own: each comes from the environment and has no default',
    (_name, service) => {
      const secrets = Object.entries(service.environment).filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name));
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{STACK_\w+:\?/);
    },
  );

  it.each(ours)('%s gets settings that exist, and together they are valid', (name, service) => {
    const isBridge = name === 'firmware-bridge';
    const known = (isBridge ? BRIDGE_SETTINGS_DOC : SETTINGS_DOC).map((setting) => setting.name);
    for (const name of Object.keys(service.environment)) expect(known).toContain(name);
    const secrets = envOf(withSecrets(''));
    const env = Object.entries(service.environment).map(([name, value]) => [name, substitute(value, secrets)]);
    const load = isBridge ? loadBridgeConfig : loadConfig;
    expect(load(Object.fromEntries(env)).MQTT_URL).toBe('mqtt://mosquitto:1883');
  });

  it('is built in stages from a pinned image and does not run as root', () => {
    const dockerfile = read('Dockerfile');
    const stages = dockerfile.match(/^FROM .*$/gm) ?? [];
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^FROM node:20\.\d+\.\d+-bookworm-slim( AS build)?$/);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });
});

describe('the generator of secrets', () => {
  it('makes every secret the stack asks for, each different and 256 bits long', () => {
    const asked = new Set(read('docker-compose.yml').match(/STACK_\w+/g));
    const made = envOf(withSecrets(''));
    expect(new Set(Object.keys(made))).toEqual(asked);
    expect(new Set(Object.values(made)).size).toBe(asked.size);
    for (const value of Object.values(made)) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
  });

  it('keeps what is there', () => {
    const before = 'INSTANCE_NAME=Köln\nSTACK_INFLUX_TOKEN=mine';
    const after = withSecrets(before);
    expect(after.startsWith(`${before}\n`)).toBe(true);
    expect(withSecrets(after)).toBe(after);
  });
});
