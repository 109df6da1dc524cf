import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { mosquittoHash } from '../process/keys.ts';
import { replaceFile } from '../process/replaceFile.ts';
import { type BrokerAccount, dynsecConfig, type ServiceAccount } from './dynsecConfig.ts';

/** The settings that name our own accounts at the broker. */
export type ServiceSettings = Pick<Config, 'MQTT_USERNAME' | 'MQTT_PASSWORD' | 'BRIDGE_USERNAME' | 'BRIDGE_PASSWORD'>;

/** The accounts of our own processes, as far as the settings tell their passwords. */
export async function serviceAccounts(settings: ServiceSettings): Promise<ServiceAccount[]> {
  const { MQTT_USERNAME, MQTT_PASSWORD, BRIDGE_USERNAME, BRIDGE_PASSWORD } = settings;
  const account = async (username: string, password: string, kind: ServiceAccount['kind']) => {
    return { username, kind, mosquittoHash: await mosquittoHash(password, randomBytes) };
  };
  const accounts: ServiceAccount[] = [];
  if (MQTT_USERNAME !== undefined && MQTT_PASSWORD !== undefined) {
    accounts.push(await account(MQTT_USERNAME, MQTT_PASSWORD, 'server'));
  }
  if (BRIDGE_PASSWORD !== undefined) accounts.push(await account(BRIDGE_USERNAME, BRIDGE_PASSWORD, 'bridge'));
  return accounts;
}

/** Writes the plugin's whole file with `mode`, never seen half written. */
export function writeConfigFile(
  path: string,
  { devices, services }: { devices: readonly BrokerAccount[]; services: readonly ServiceAccount[] },
  mode: number,
): void {
  replaceFile(path, `${JSON.stringify(dynsecConfig(devices, services), undefined, '\t')}\n`, mode);
}
