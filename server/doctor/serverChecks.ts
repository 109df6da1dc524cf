import { existsSync } from 'node:fs';
import { counted } from '../cli/progressLines.ts';
import type { AdminOverview } from '../domain/operator/adminOverview.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { Closing } from '../process/closing.ts';
import { lockDataDir } from '../process/dataDirLock.ts';
import { gapOf } from '../start/storeGap.ts';
import { openStores, unreadReadings } from '../start/stores.ts';
import { type Check, fail, logOf, ok, unset, warn } from './doctor.ts';

/** A server runs and can do its work. */
export const serverCheck: Check = async ({ isRunning, isContainer, ask }) => {
  if (!isRunning) return warn('It does not run.', isContainer ? 'docker compose up -d' : 'npm start');
  const { status, body } = await ask('/readyz');
  if (status === 200) return ok('It runs and is ready.');
  const { reasons = [] } = (body ?? {}) as { reasons?: string[] };
  return fail(`It runs but is not ready: ${reasons.join(' ')}`, isContainer ? logOf('server') : 'read its log');
};

const MOVE_READINGS = 'take them along as docs/stores.md says, then move the file away; or take STORE=duckdb again';

/** Registry and readings can be read; opened here when no server has them. */
export const storeCheck: Check = async (patient) => {
  const found = await openStore(patient);
  const unread = unreadReadings(patient.config);
  if (found.state !== 'ok' || unread === undefined) return found;
  return warn(`${found.detail} The readings in ${unread} are not shown.`, MOVE_READINGS);
};

const storeInServer: Check = async ({ config, ask }) => {
  const found = ok(`${config.STORE}, open in the server; see "server".`);
  if (config.STORE !== 'duckdb') return found;
  const { status, body } = await ask('/api/v1/admin/overview');
  if (status !== 200) return found;
  const { stations, store } = body as AdminOverview;
  const gap = gapOf({ stations: stations.total, readings: store.readings ?? 0, hasSent: false });
  return gap === undefined ? found : warn(gap.detail, gap.help);
};

const openStore: Check = async (patient) => {
  const { config, isRunning, clock } = patient;
  if (isRunning) return storeInServer(patient);
  if (!existsSync(config.DATA_DIR)) return unset('Made at the first start.');
  const closing = new Closing(() => undefined);
  try {
    const lock = lockDataDir(config.DATA_DIR);
    closing.push('lock', () => lock.release());
    const log = createLog('silent');
    const { store, stationStore, gap } = await openStores({ config, log, clock, metrics: createMetrics(), closing });
    if (gap !== undefined) return warn(gap.detail, gap.help);
    await store.ping();
    const { readings, bytes } = await store.stats();
    // InfluxDB does not tell how much it takes.
    const size = bytes === 0 ? '' : `, ${Math.ceil(bytes / 1e6)} MB`;
    const stations = counted(stationStore.stations().length, 'station');
    return ok(`${config.STORE}, ${stations}, ${counted(readings, 'reading')}${size}.`);
  } finally {
    await closing.close();
  }
};
