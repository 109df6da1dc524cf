import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config.ts';
import { lockHolder } from '../dataDirLock.ts';
import { dynsecConfig, type ServiceAccount } from '../dynsecConfig.ts';
import { mosquittoHash } from '../keys.ts';
import type { MosquittoAccount } from '../mosquittoAccounts.ts';
import { expectSuccess, withAdminApi } from './adminApi.ts';
import { withOwnStores } from './ownStores.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft broker-config --to <file> [--bridge-user <name>]

Writes the whole file of Mosquitto's dynamic security plugin from the registry: an account and a role for each device, for the
server (MQTT_USERNAME, MQTT_PASSWORD) and, with --bridge-user, for a firmware bridge (password in BRIDGE_PASSWORD). In
mosquitto.conf: plugin /usr/lib/.../mosquitto_dynamic_security.so, plugin_opt_config_file <file>. Stop Mosquitto before you
replace its file: it writes its own over it.`;

const OPTIONS = { to: { type: 'string' }, 'bridge-user': { type: 'string' } } as const;

/** `broker-config`. */
export const brokerConfigVerb: Verb = {
  summary: "write Mosquitto's accounts from the registry",
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    if (values.to === undefined) throw new UsageError('Say where: --to <file>.');
    const config = loadConfig(terminal.env);
    const services = await servicesOf(config, terminal.env, values['bridge-user']);
    const devices = await accountsOf(config, terminal);
    const path = resolve(values.to);
    writeFileSync(`${path}.tmp`, `${JSON.stringify(dynsecConfig(devices, services), undefined, '\t')}\n`, {
      mode: 0o600,
    });
    renameSync(`${path}.tmp`, path);
    terminal.out(`${path}: ${devices.length} devices, ${services.map(({ username }) => username).join(', ')}\n`);
    return 0;
  },
};

async function servicesOf(
  { MQTT_USERNAME, MQTT_PASSWORD }: Config,
  { BRIDGE_PASSWORD }: Terminal['env'],
  bridgeUser: string | undefined,
): Promise<ServiceAccount[]> {
  if (MQTT_USERNAME === undefined || MQTT_PASSWORD === undefined) {
    throw new CommandError('Set MQTT_USERNAME and MQTT_PASSWORD: without an account the server could not sign in.');
  }
  const account = async (username: string, password: string, kind: ServiceAccount['kind']) => {
    return { username, kind, mosquittoHash: await mosquittoHash(password, randomBytes) };
  };
  const server = await account(MQTT_USERNAME, MQTT_PASSWORD, 'server');
  if (bridgeUser === undefined) return [server];
  if (!BRIDGE_PASSWORD) throw new CommandError('Put the password of --bridge-user into BRIDGE_PASSWORD.');
  return [server, await account(bridgeUser, BRIDGE_PASSWORD, 'bridge')];
}

async function accountsOf(config: Config, terminal: Terminal): Promise<MosquittoAccount[]> {
  if (lockHolder(config.DATA_DIR) === undefined) {
    return withOwnStores(config, async ({ stationStore }) => [...stationStore.credentials()]);
  }
  const answer = await withAdminApi(terminal, async (send) => {
    return expectSuccess(await send('GET', '/_control/broker-accounts'));
  });
  return (answer as { accounts: MosquittoAccount[] }).accounts;
}
