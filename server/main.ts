import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBridge } from '../firmware-bridge/runBridge.ts';
import { isOwnContainer } from './admin/ownContainer.ts';
import { type Config, ConfigError, loadConfig, readDotEnv, settingHints } from './config.ts';
import { makeDemoFolder } from './demo/demoFolder.ts';
import { DEMO_MAP } from './demo/startDemo.ts';
import { dayOffsetHint } from './domain/means/dayOffset.ts';
import { commandsHere } from './domain/operator/ownCommand.ts';
import { createLog } from './log.ts';
import { DataDirError } from './process/dataDirLock.ts';
import { noAccessText } from './process/noAccess.ts';
import { packageRoot } from './process/packageRoot.ts';
import { StartError } from './process/startError.ts';
import { stopOnSignal } from './process/stopOnSignal.ts';
import { unreadableFiles } from './settingFiles.ts';
import { type RunningServer, startServer } from './start/startServer.ts';
import { damageHelp } from './store/storeFault.ts';

// Databases and queues hold exact positions: nobody else on this machine reads them, whatever the folder's own mode.
process.umask(0o077);
await main();

/** Starts the program as the environment and the command line say, or says in one line why not and ends with 1. */
async function main(): Promise<void> {
  try {
    const demo = readDemo(process.argv.slice(2));
    const environment = { ...readDotEnv('.env'), ...process.env };
    if (environment.ROLES?.trim() === 'bridge') return await runBridge(environment);
    const given = loadConfig(environment, unreadableFiles(environment));
    const config = demo === undefined ? given : demoConfig(given);
    const log = createLog(config.LOG_LEVEL);
    for (const hint of settingHints(environment)) log.warn(hint);
    const hint = dayOffsetHint(config);
    if (hint !== undefined) log.warn(hint);
    const server = await startServer(config, { log, demo });
    stopOnSignal(() => server.close());
    announce(server, config);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

/** `--demo` and `--speed N`; undefined without `--demo`. */
function readDemo(args: string[]): { speed: number } | undefined {
  const options = { demo: { type: 'boolean' }, speed: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options });
  if (values.speed !== undefined && !values.demo) throw new StartError('--speed needs --demo.');
  const speed = Number(values.speed ?? 1);
  if (!(speed > 0 && speed <= 1000)) throw new StartError('--speed takes a number above 0, up to 1000.');
  return values.demo ? { speed } : undefined;
}

/** The settings of the demo: the operator's ports, a throw-away data folder, the embedded parts; nobody is written to, no backup is touched. */
function demoConfig({ MQTT_URL: _mqttUrl, SMTP_URL: _smtpUrl, BACKUP_DIR: _backupDir, ...config }: Config): Config {
  const dataDir = makeDemoFolder(tmpdir(), Date.now());
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const map = { MAP_CENTER: config.MAP_CENTER ?? DEMO_MAP.center, MAP_ZOOM: config.MAP_ZOOM ?? DEMO_MAP.zoom };
  const DISTRICTS = config.DISTRICTS ?? join(packageRoot(), 'demo/data/districts.geojson');
  return { ...config, ...map, DISTRICTS, DATA_DIR: dataDir, STORE: 'duckdb' };
}

/** Tells people where everything is, and programs on a line of JSON. */
function announce(
  { httpPort, httpsPort, deviceTlsPort, mqttPort, adminTokenPath }: RunningServer,
  config: Config,
): void {
  const url = config.PUBLIC_URL ?? `http://localhost:${httpPort}`;
  const lines = [
    JSON.stringify({ event: 'ready', httpPort, httpsPort, deviceTlsPort, mqttPort, pid: process.pid }),
    `${config.INSTANCE_NAME}: ${url}`,
    mqttPort === undefined ? `MQTT broker: ${config.MQTT_URL}` : `MQTT broker: port ${mqttPort}`,
    adminTokenPath === undefined ? 'Admin token: as set in ADMIN_TOKEN' : `Admin token: in ${adminTokenPath}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One line for what the operator can mend; the whole stack for what only we can. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DataDirError || error instanceof StartError) {
    const help = damageHelp(error);
    const text = help === undefined ? error.message : `${error.message.replace(/\.?\s*$/, '.')} ${help}`;
    return commandsHere(text, isOwnContainer());
  }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message.replace(/\.?$/, '.')} Known: --demo, --speed N.`;
  }
  return noAccessText(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
