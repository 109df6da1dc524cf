import { ConfigError, readDotEnv } from '../server/config.ts';
import { DataDirError } from '../server/dataDirLock.ts';
import { createLog } from '../server/log.ts';
import { StartError } from '../server/startError.ts';
import { stopOnSignal } from '../server/stopOnSignal.ts';
import { loadBridgeConfig } from './config.ts';
import { startBridge } from './startBridge.ts';

await main();

/** Starts the bridge as the environment says, or says in one line why not and ends with 1. */
async function main(): Promise<void> {
  try {
    const config = loadBridgeConfig({ ...readDotEnv('.env'), ...process.env });
    const bridge = await startBridge(config, createLog(config.LOG_LEVEL));
    stopOnSignal(() => bridge.close());
    const { httpPort, deviceTlsPort } = bridge;
    process.stdout.write(`${JSON.stringify({ event: 'ready', httpPort, deviceTlsPort, pid: process.pid })}\n`);
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof StartError || error instanceof DataDirError;
    process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
}
