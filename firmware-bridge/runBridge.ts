import { createLog } from '../server/log.ts';
import { stopOnSignal } from '../server/process/stopOnSignal.ts';
import { loadBridgeConfig } from './config.ts';
import { startBridge } from './startBridge.ts';

/**
 * Runs the bridge until a signal ends it, and tells programs on a line of JSON where it is.
 * @throws ConfigError, StartError, DataDirError with one line for the operator.
 */
export async function runBridge(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = loadBridgeConfig(environment);
  const bridge = await startBridge(config, createLog(config.LOG_LEVEL));
  stopOnSignal(() => bridge.close());
  const { httpPort, deviceTlsPort } = bridge;
  process.stdout.write(`${JSON.stringify({ event: 'ready', httpPort, deviceTlsPort, pid: process.pid })}\n`);
}
