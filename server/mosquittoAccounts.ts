import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from './domain/station.ts';

/** A device and its token's hash in Mosquitto's format. */
export interface MosquittoAccount {
  device: Device;
  mosquittoHash: string;
}

/** What the accounts are read from. */
export interface AccountDirectory {
  credentials(): Iterable<MosquittoAccount>;
  onChange(listener: () => void): () => void;
}

export interface MosquittoAccountsOptions {
  /** Folder for the files; made when absent. */
  folder: string;
  directory: AccountDirectory;
  onError: (error: unknown) => void;
}

/** Changes within this time are written together, ms: an import registers thousands of devices at once. */
const GATHER_MS = 500;

/**
 * Keeps a Mosquitto beside us true to the registry: writes `passwords` and `acl` into the folder, now and after each
 * change, for the broker's start script to take over (`docker/mosquitto/start.sh`). Returns how to end it.
 * @throws when the folder cannot be written.
 */
export function startMosquittoAccounts({ folder, directory, onError }: MosquittoAccountsOptions): () => void {
  const write = () => {
    const accounts = [...directory.credentials()];
    replace(join(folder, 'passwords'), passwordFile(accounts));
    replace(join(folder, 'acl'), aclFile(accounts));
  };
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  write();
  let timer: NodeJS.Timeout | undefined;
  const writeSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      try {
        write();
      } catch (error) {
        onError(error);
        writeSoon();
      }
    }, GATHER_MS);
    timer.unref();
  };
  const stopListening = directory.onChange(writeSoon);
  return () => {
    stopListening();
    clearTimeout(timer);
  };
}

/** Lines `name:hash` of Mosquitto's password file. */
export function passwordFile(accounts: readonly MosquittoAccount[]): string {
  return accounts.map(({ device, mosquittoHash }) => `${device.id}:${mosquittoHash}\n`).join('');
}

/**
 * Mosquitto's ACL for the devices that do not name themselves in their topics as they sign in; the others are covered by
 * the patterns of `docker/mosquitto/acl`.
 */
export function aclFile(accounts: readonly MosquittoAccount[]): string {
  return accounts
    .map(({ device }) => ({ user: device.id, topics: extraTopics(device) }))
    .filter(({ topics }) => topics.length > 0)
    .map(({ user, topics }) => `user ${user}\n${topics.map((topic) => `topic write ${topic}\n`).join('')}`)
    .join('');
}

function extraTopics({ id, names }: Device): string[] {
  if (id.startsWith('airgradient-')) return [`airgradient/readings/${id.slice('airgradient-'.length)}`];
  // A name with a wildcard or a line break would open more than its own topic.
  const plainNames = (names ?? []).filter((name) => !/[+#/\r\n]/.test(name));
  return id.startsWith('zigbee-') ? plainNames.map((name) => `zigbee2mqtt/${name}`) : [];
}

/** Readable for the broker, which runs as another user, whatever our umask; never seen half written. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  chmodSync(`${path}.new`, 0o644);
  renameSync(`${path}.new`, path);
}
