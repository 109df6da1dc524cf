import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { BrokerAccounts } from './brokerAccounts.ts';
import { serviceAccounts, writeConfigFile } from './configFile.ts';
import type { AccountDirectory } from './dynsecConfig.ts';

/** Folder in the data folder that may be shared with the broker. */
const FOLDER = 'mosquitto';
const FILE = 'dynamic-security.json';

/** What the keeping of accounts is composed of. */
export interface BrokerAccountsParts {
  config: Config;
  /** The broker's address. */
  url: string;
  directory: AccountDirectory;
  metrics: Metrics;
  log: Logger;
}

/**
 * Begins to keep the accounts of an external broker. What the control topic cannot bring in line - a broker that lost its
 * accounts can be given no token, since we keep none in clear - is written as the plugin's whole file, for the broker's
 * start script or the operator to put in place. Returns how to end it.
 */
export function startBrokerAccounts({
  config,
  url,
  directory,
  metrics,
  log,
}: BrokerAccountsParts): () => Promise<void> {
  const folder = join(config.DATA_DIR, FOLDER);
  const writeFile = async () => {
    mkdirSync(folder, { recursive: true });
    // The broker runs as another user; the folder above is ours alone, so only what mounts this one gets in.
    chmodSync(folder, 0o755);
    const services = await serviceAccounts(config);
    writeConfigFile(join(folder, FILE), { devices: [...directory.credentials()], services }, 0o644);
  };
  const accounts = new BrokerAccounts({
    ...{ url, directory, log, username: config.MQTT_USERNAME, password: config.MQTT_PASSWORD, nodeId: config.NODE_ID },
    bridge: { username: config.BRIDGE_USERNAME, password: config.BRIDGE_PASSWORD },
    onLacking: (lacking, foreign) => {
      const facts = { devices: lacking.length, file: join(folder, FILE), accountsToMakeAgain: foreign };
      log.warn(
        facts,
        'devices cannot sign in until the broker takes the file: stop it, put the file in place, start it',
      );
      writeFile().catch((error: unknown) => log.error({ err: error }, "the broker's file was not written"));
    },
  });
  metrics.gauge('broker_accounts_lacking', 'Devices that cannot sign in until the broker takes its whole file', () => {
    return accounts.lacking;
  });
  accounts.start();
  return () => accounts.close();
}
