import { createHash } from 'node:crypto';
import type { Device } from '../domain/station.ts';
import { STATUS_TOPIC } from '../domain/topics.ts';

/** A device and its token's hash in Mosquitto's format. */
export interface BrokerAccount {
  device: Device;
  mosquittoHash: string;
}

/** What the accounts are read from. */
export interface AccountDirectory {
  credentials(): Iterable<BrokerAccount>;
  onChange(listener: () => void): () => void;
  /** Tells of each token in clear, once, when it is made: only then can a broker be given it. */
  onIssued(listener: (deviceId: string, token: string) => void): () => void;
}

/** A permission of Mosquitto's dynamic security plugin. */
export interface Acl {
  acltype: 'publishClientSend' | 'publishClientReceive' | 'subscribePattern';
  topic: string;
  allow: true;
}

/** A set of permissions under a name. */
export interface Role {
  rolename: string;
  acls: Acl[];
}

interface Client {
  username: string;
  textname?: string;
  textdescription?: string;
  /** Base64 of PBKDF2-SHA512. */
  password: string;
  salt: string;
  iterations: number;
  roles: { rolename: string }[];
}

/** What holds where no role says otherwise: nothing may be written or read. */
export const DEFAULT_ACCESS = {
  publishClientSend: false,
  publishClientReceive: false,
  subscribe: false,
  unsubscribe: true,
};

/** The name of every account that is ours to change and to remove. */
export const OURS = 'buergerluft';

/** The whole configuration of Mosquitto's dynamic security plugin, as it stands in its file. */
export interface DynsecConfig {
  defaultACLAccess: typeof DEFAULT_ACCESS;
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

/** The roles that do not belong to one device. */
export const SHARED_ROLES: readonly Role[] = [
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
      // Whether the server is there.
      ...read(STATUS_TOPIC),
    ],
  },
  READER,
];

/**
 * The plugin's file for all devices: one role a device with exactly its topics, because the plugin of Mosquitto 2.0 has no
 * placeholder for the user's name. Nothing else may be written or read.
 */
export function dynsecConfig(devices: readonly BrokerAccount[], services: readonly ServiceAccount[]): DynsecConfig {
  return {
    defaultACLAccess: DEFAULT_ACCESS,
    clients: [
      ...services.map(({ username, mosquittoHash, kind }) => clientOf(username, mosquittoHash, [kind])),
      ...devices.map((account) => ({
        ...clientOf(account.device.id, account.mosquittoHash, rolesOf(account.device)),
        ...{ textname: OURS, textdescription: markOf(account) },
      })),
    ],
    groups: [],
    roles: [...SHARED_ROLES, ...devices.map(({ device }) => roleOf(device))],
  };
}

/** The roles of a device's account: its own and that of everybody who reads. */
export function rolesOf(device: Device): string[] {
  return [device.id, READER.rolename];
}

/**
 * What a broker notes beside a device's account, so that it can be told later whether it is up to date: the salt, which is
 * another one for every token, and a short hash of the topics.
 */
export function markOf({ device, mosquittoHash }: BrokerAccount): string {
  const [, , , salt = ''] = mosquittoHash.split('$');
  return `${salt} ${device.names === undefined ? NO_NAMES : hashOf(device.names)}`;
}

/** Most devices: with 15,000 of them hashing took as long as everything else. */
const NO_NAMES = hashOf([]);

function hashOf(names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
}

/** True when both marks are of the same token. */
export function isSameToken(one: string, other: string): boolean {
  return one.split(' ')[0] === other.split(' ')[0];
}

/** The role with exactly a device's topics. */
export function roleOf(device: Device): Role {
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
