import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serviceAccounts, writeConfigFile } from '../brokerAccounts/configFile.ts';
import type { BrokerAccount, ServiceAccount } from '../brokerAccounts/dynsecConfig.ts';
import { type Config, loadConfig } from '../config.ts';
import { lockHolder } from '../process/dataDirLock.ts';
import { expectSuccess, withAdminApi } from './adminApi.ts';
import { withOwnStores } from './ownStores.ts';
import { counted } from './progressLines.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft broker-config --to <file> [--bridge-user <name>]

Writes the whole file of Mosquitto's dynamic security plugin from the registry: an account and a role for each device, for the
server (MQTT_USERNAME, MQTT_PASSWORD) and, with BRIDGE_PASSWORD, for firmware bridges (BRIDGE_USERNAME or --bridge-user).
Once a broker has it, the running server brings every change there by itself. In mosquitto.conf:
plugin /usr/lib/.../mosquitto_dynamic_security.so, plugin_opt_config_file <file>. Stop Mosquitto before you replace its
file: it writes its own over it.`;

const OPTIONS = { to: { type: 'string' }, 'bridge-user': { type: 'string' } } as const;

/** `broker-config`. */
export const brokerConfigVerb: Verb = {
  summary: "write Mosquitto's accounts from the registry",
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    if (values.to === undefined) throw new UsageError('Say where: --to <file>.');
    const config = loadConfig(terminal.env);
    const services = await servicesOf(config, values['bridge-user']);
    const devices = await accountsOf(config, terminal);
    const path = resolve(values.to);
    writeConfigFile(path, { devices, services }, 0o600);
    terminal.out(
      `${path}: ${counted(devices.length, 'device')}, ${services.map(({ username }) => username).join(', ')}\n`,
    );
    return 0;
  },
};

/** @throws CommandError when nobody could sign in who keeps the accounts, or a bridge that was asked for could not. */
function servicesOf(config: Config, bridgeUser: string | undefined): Promise<ServiceAccount[]> {
  if (config.MQTT_USERNAME === undefined || config.MQTT_PASSWORD === undefined) {
    throw new CommandError('Set MQTT_USERNAME and MQTT_PASSWORD: without an account the server could not sign in.');
  }
  if (bridgeUser !== undefined && config.BRIDGE_PASSWORD === undefined) {
    throw new CommandError('Put the password of --bridge-user into BRIDGE_PASSWORD.');
  }
  return serviceAccounts({ ...config, BRIDGE_USERNAME: bridgeUser ?? config.BRIDGE_USERNAME });
}

async function accountsOf(config: Config, terminal: Terminal): Promise<BrokerAccount[]> {
  if (lockHolder(config.DATA_DIR) === undefined) {
    return withOwnStores(config, async ({ stationStore }) => [...stationStore.credentials()]);
  }
  const answer = await withAdminApi(terminal, async (send) => {
    return expectSuccess(await send('GET', '/_control/broker-accounts'));
  });
  return (answer as { accounts: BrokerAccount[] }).accounts;
}
