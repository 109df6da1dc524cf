import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { BRIDGE_SETTINGS_DOC, loadBridgeConfig } from '../../firmware-bridge/config.ts';
import { loadConfig, SETTINGS_DOC } from '../../server/config.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { type ComposeService, compose, environmentOf, envOf, services, withSecrets } from '../support/composeFile.ts';
import { packageText } from '../support/packageText.ts';

const ours = services.filter(([, service]) => service.build === '.');

describe('docker-compose.yml', () => {
  it('is what the Compose specification allows', () => {
    // Without the ids of an older draft, which Ajv does not take; no property of a compose file is called so.
    const withoutIds = (key: string, value: unknown) => (key === 'id' || key === '$schema' ? undefined : value);
    const schema = JSON.parse(packageText('tests/fixtures/compose/compose-spec.json'), withoutIds) as {
      properties: Record<string, unknown>;
    };
    // Came into the specification after this copy of its schema.
    schema.properties.name = { type: 'string' };
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    // Formats of Compose's own.
    ajv.addFormat('duration', /^(\d+(h|m|s|ms|us))+$/);
    for (const name of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(name, true);
    const isValid = ajv.compile(schema);
    isValid(compose);
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('runs five services, and two more for those who ask', () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(always).toEqual(['caddy', 'mosquitto', 'influxdb', 'server', 'firmware-bridge']);
    const asked = services.flatMap(([name, { profiles }]) => (profiles ?? []).map((profile) => `${name} ${profile}`));
    expect(asked).toEqual(['prometheus prometheus', 'grafana grafana']);
  });

  it.each(services)(
    '%s is pinned to a version, checks its health, restarts and keeps little of its log',
    (_n, service) => {
      expect(service.image).toMatch(/^[a-z/-]+:v?\d+\.\d+\.\d+$/);
      expect(service.healthcheck.test[0]).toMatch(/^CMD/);
      expect(service.restart).toBe('unless-stopped');
      expect(service.logging).toEqual({ driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } });
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
    },
  );

  it('keeps state in volumes, and shares accounts and certificates', () => {
    const mounted = services.flatMap(([name, { volumes }]) => (volumes ?? []).map((volume) => `${name} ${volume}`));
    expect(mounted.filter((mount) => !mount.includes(' ./'))).toEqual([
      'caddy caddy:/data',
      'mosquitto mosquitto:/mosquitto/data',
      'mosquitto accounts:/mosquitto/accounts:ro',
      'mosquitto caddy:/mosquitto/certificates:ro',
      'influxdb influxdb:/var/lib/influxdb2',
      'influxdb influxdb-config:/etc/influxdb2',
      'server server:/data',
      'server accounts:/data/mosquitto',
      'server backups:/backups',
      'firmware-bridge bridge:/data',
      'prometheus prometheus:/prometheus',
      'grafana grafana:/var/lib/grafana',
    ]);
    const named = mounted.flatMap((mount) => / ([a-z-]+):/.exec(mount)?.[1] ?? []);
    expect(Object.keys(compose.volumes)).toEqual([...new Set(named)].sort());
  });

  it('mounts only folders that are here, or that an operator fills', () => {
    const own = services.flatMap(([, { volumes }]) => (volumes ?? []).filter((volume) => volume.startsWith('./')));
    const folders = own.map((volume) => volume.slice(2, volume.indexOf(':')));
    expect(folders.filter((folder) => !existsSync(join(packageRoot(), folder)))).toEqual(['instance']);
  });

  it('runs everything but InfluxDB, whose entry point sets up its own folders, without rights on a read-only file system', () => {
    const lean = ([, { read_only, cap_drop, user, build }]: [string, ComposeService]) =>
      read_only === true && cap_drop?.[0] === 'ALL' && (build === '.' || (user !== undefined && !/^0/.test(user)));
    expect(services.filter((service) => !lean(service)).map(([name]) => name)).toEqual(['influxdb']);
  });

  it('leaves Caddy the capability that its program bears: without it the kernel refuses to run it at all', () => {
    expect(services.filter(([, { cap_add }]) => cap_add !== undefined).map(([name]) => name)).toEqual(['caddy']);
    expect(compose.services.caddy?.cap_add).toEqual(['NET_BIND_SERVICE']);
  });

  it('has Compose write no secret into a read-only container, which it cannot', () => {
    expect(services.filter(([, { secrets }]) => secrets !== undefined)).toEqual([]);
  });

  it('is open to the world through Caddy and Mosquitto only', () => {
    const open = services.flatMap(([name, { ports }]) => (ports ?? []).map((port) => `${name} ${port}`));
    expect(open).toEqual([
      ...['caddy 80:8080', 'caddy 443:8443', 'mosquitto 1883:1883', 'mosquitto 8883:8883'],
      ...['prometheus 127.0.0.1:9090:9090', 'grafana 127.0.0.1:3000:3000'],
    ]);
  });

  it.each(services)(
    '%s has no secret of its own: each comes from the environment and has no default',
    (_name, service) => {
      const secrets = Object.entries(service.environment ?? {}).filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name));
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{STACK_\w+:\?/);
    },
  );

  it.each(ours)('%s gets settings that exist, and together they are valid', (name, service) => {
    const isBridge = name === 'firmware-bridge';
    const known = (isBridge ? BRIDGE_SETTINGS_DOC : SETTINGS_DOC).map((setting) => setting.name);
    for (const name of Object.keys(service.environment ?? {})) expect(known).toContain(name);
    const secrets = envOf(withSecrets(''));
    const load = isBridge ? loadBridgeConfig : loadConfig;
    expect(load(environmentOf(service, secrets)).MQTT_URL).toBe('mqtt://mosquitto:1883');
  });

  it('hands the server every setting of .env that the stack does not decide itself', () => {
    const given = Object.keys(compose.services.server?.environment ?? {});
    const left = SETTINGS_DOC.map(({ name }) => name).filter((name) => !given.includes(name));
    expect(left.sort()).toEqual([
      ...['BRIDGE_USERNAME', 'DATA_DIR', 'DEVICE_TLS_CERT', 'DEVICE_TLS_KEY', 'DEVICE_TLS_PORT', 'HTTPS_PORT'],
      ...['HTTP_HOST', 'HTTP_PORT', 'INFLUX_PASSWORD', 'INFLUX_USERNAME', 'MQTT_PORT', 'NODE_ID', 'REGISTRY_URL'],
      ...['ROLES', 'TLS_CERT', 'TLS_KEY'],
    ]);
  });
});
