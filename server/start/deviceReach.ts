import { hostname, networkInterfaces } from 'node:os';
import type { Config } from '../config.ts';
import type { Reach } from '../domain/device/deviceInstructions.ts';

/** The settings that say where devices send to. */
export type ReachConfig = Pick<
  Config,
  'PUBLIC_URL' | 'DEVICE_URL' | 'MQTT_URL' | 'HTTP_HOST' | 'HTTP_PORT' | 'MQTT_PORT' | 'DEVICE_TLS_PORT'
>;

/** How somebody came to a page: the `Host` header and whether it was HTTPS. */
export interface Came {
  host: string | undefined;
  isHttps: boolean;
}

/** A host with an optional port as it may stand in a `Host` header; anything else is ignored. */
const HOST_FORM = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/i;

/**
 * How devices reach this instance. DEVICE_URL comes first, then PUBLIC_URL; then the address under which the reader came, with this
 * machine's own one in place of `localhost`, which a device would take for itself; then what the settings say.
 * Addresses rather than names: small devices often cannot look up local names.
 */
export function reachFor(config: ReachConfig, came?: Came): Reach {
  const page = config.DEVICE_URL === undefined ? pageAddress(config, came) : new URL(config.DEVICE_URL);
  const isHttps = page?.protocol === 'https:';
  const host = page?.hostname ?? config.HTTP_HOST ?? localAddress();
  const broker = config.MQTT_URL === undefined ? undefined : new URL(config.MQTT_URL);
  return {
    host,
    isHttps,
    httpPort: page === undefined ? String(config.HTTP_PORT) : page.port || (isHttps ? '443' : '80'),
    ...(config.DEVICE_TLS_PORT !== undefined && { tlsPort: String(config.DEVICE_TLS_PORT) }),
    mqttHost: broker === undefined || isInside(broker.hostname) ? host : broker.hostname,
    mqttPort: broker === undefined ? String(config.MQTT_PORT) : broker.port || '1883',
  };
}

function pageAddress(config: ReachConfig, came: Came | undefined): URL | undefined {
  if (config.PUBLIC_URL !== undefined) return new URL(config.PUBLIC_URL);
  if (came?.host === undefined || !HOST_FORM.test(came.host)) return undefined;
  const address = `${came.isHttps ? 'https' : 'http'}://${came.host}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (LOOPBACK.test(url.hostname)) url.hostname = config.HTTP_HOST ?? localAddress();
  return url;
}

/** A broker that devices cannot reach under that name: this machine itself, or a container's name without a dot. */
function isInside(name: string): boolean {
  return LOOPBACK.test(name) || !/[.:]/.test(name);
}

/** This machine's first IPv4 address in a network; its name when it has none. */
function localAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname();
}
