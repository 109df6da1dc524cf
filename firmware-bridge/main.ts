import { ConfigError, readDotEnv } from '../server/config.ts';
import { DataDirError } from '../server/process/dataDirLock.ts';
import { noAccessText } from '../server/process/noAccess.ts';
import { StartError } from '../server/process/startError.ts';
import { runBridge } from './runBridge.ts';

await main();

/** Starts the bridge as the environment says, or says in one line why not and ends with 1. */
async function main(): Promise<void> {
  try {
    await runBridge({ ...readDotEnv('.env'), ...process.env });
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof StartError || error instanceof DataDirError;
    const text = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${noAccessText(error) ?? text}\n`);
    process.exit(1);
  }
}
