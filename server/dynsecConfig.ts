import type { Device } from './domain/station.ts';
import { STATUS_TOPIC } from './domain/topics.ts';
import type { MosquittoAccount } from './mosquittoAccounts.ts';

/** A permission of Mosquitto's dynamic security plugin. */
interface Acl {
  acltype: 'publishClientSend' | 'publishClientReceive' | 'subscribePattern';
  topic: string;
  allow: true;
}

interface Role {
  rolename: string;
  acls: Acl[];
}

interface Client {
  username: string;
  /** Base64 of PBKDF2-SHA512. */
  password: string;
  salt: string;
  iterations: number;
  roles: { rolename: string }[];
}

/** The whole configuration of Mosquitto's dynamic security plugin, as it stands in its file. */
export interface DynsecConfig {
  defaultACLAccess: Record<'publishClientSend' | 'publishClientReceive' | 'subscribe' | 'unsubscribe', boolean>;
  clients: Client[];
  groups: [];
  roles: Role[];
}

/** One of our own processes, with its password's hash in Mosquitto's format. */
export interface ServiceAccount {
  username: string;
  mosquittoHash: string;
  /** `server` may do everything; `bridge` brings pushes and follows the registry. */
  kind: 'server' | 'bridge';
}

const send = (topic: string): Acl => ({ acltype: 'publishClientSend', topic, allow: true });
const receive = (topic: string): Acl => ({ acltype: 'publishClientReceive', topic, allow: true });
const subscribe = (topic: string): Acl => ({ acltype: 'subscribePattern', topic, allow: true });
const read = (topic: string): Acl[] => [receive(topic), subscribe(topic)];

/** What every device may read: the public values, and how Home Assistant finds them. */
const READER: Role = {
  rolename: 'reader',
  acls: [...read(STATUS_TOPIC), ...read('buergerluft/stations/+/latest'), ...read('homeassistant/#')],
};

const SERVICE_ROLES: readonly Role[] = [
  {
    rolename: 'server',
    acls: ['#', '$CONTROL/dynamic-security/#', '$SYS/#'].flatMap((topic) => [send(topic), ...read(topic)]),
  },
  {
    rolename: 'bridge',
    acls: [
      send('buergerluft/_bridge/+/airrohr'),
      send('buergerluft/_seen/+'),
      ...read('buergerluft/_confirm/+'),
      ...read('buergerluft/_registry/+'),
    ],
  },
];

/**
 * The plugin's file for all devices: one role a device with exactly its topics, because the plugin of Mosquitto 2.0 has no
 * placeholder for the user's name. Nothing else may be written or read.
 */
export function dynsecConfig(devices: readonly MosquittoAccount[], services: readonly ServiceAccount[]): DynsecConfig {
  return {
    defaultACLAccess: { publishClientSend: false, publishClientReceive: false, subscribe: false, unsubscribe: true },
    clients: [
      ...services.map(({ username, mosquittoHash, kind }) => clientOf(username, mosquittoHash, [kind])),
      ...devices.map(({ device, mosquittoHash }) => clientOf(device.id, mosquittoHash, [device.id, READER.rolename])),
    ],
    groups: [],
    roles: [...SERVICE_ROLES, READER, ...devices.map(({ device }) => roleOf(device))],
  };
}

function roleOf(device: Device): Role {
  return { rolename: device.id, acls: topicsOf(device).map(send) };
}

/** The topics of the contract that are this device's. */
function topicsOf({ id, names = [] }: Device): string[] {
  // A name with a wildcard would open more than its own topic.
  if (id.startsWith('zigbee-')) return names.filter((name) => !/[+#/]/.test(name)).map((name) => `zigbee2mqtt/${name}`);
  if (id.startsWith('airgradient-')) return [`airgradient/readings/${id.slice('airgradient-'.length)}`];
  return [`buergerluft/${id}/airrohr`, `tele/${id}/SENSOR`, `${id}/sensor/+/state`];
}

/** `$7$iterations$salt$hash`, as Mosquitto's password file has it. */
function clientOf(username: string, mosquittoHash: string, roles: readonly string[]): Client {
  const [, , iterations = '', salt = '', password = ''] = mosquittoHash.split('$');
  return {
    ...{ username, password, salt, iterations: Number(iterations) },
    roles: roles.map((rolename) => ({ rolename })),
  };
}
