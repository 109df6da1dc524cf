import { randomBytes } from 'node:crypto';
import { OperatorDesk } from '../admin/operatorDesk.ts';
import { LocalArchiveJobs } from '../archive/archiveJobs.ts';
import { Backups } from '../backup/backups.ts';
import { checkInChild } from '../backup/checkInChild.ts';
import { createErasure } from '../erasure/createErasure.ts';
import { noticePublisher } from '../nodes/noticeShards.ts';
import { NOTICES_FILE } from '../notices/noticeStore.ts';
import type { Answers } from './composeAnswers.ts';
import type { Flow } from './composeFlow.ts';
import type { Ground } from './ground.ts';
import { storeName } from './stores.ts';

/** What keeps an installation going. */
export type Upkeep = ReturnType<typeof composeUpkeep>;

/** What keeps an installation going: backups, imports, deletions, and the operator's desk. */
export function composeUpkeep(
  ground: Ground,
  { ingest, live, keeper, node, onImported }: Flow,
  { notices, citations }: Answers,
) {
  const { config, stationStore, bus, clock } = ground;
  const archiveJobs = new LocalArchiveJobs({
    ...ground,
    dataDir: config.DATA_DIR,
    storeName: storeName(config),
    randomBytes,
    onStored: onImported,
  });
  const backups = new Backups({
    ...ground,
    dataDir: config.DATA_DIR,
    instance: config.INSTANCE_NAME,
    store: config.STORE,
    databases: { ...ground.databases, [NOTICES_FILE]: notices.store },
    backupDir: config.BACKUP_DIR,
    keep: config.BACKUP_KEEP,
    erasures: () => stationStore.erasures(),
    check: checkInChild,
  });
  const erase = createErasure({ store: ground.store, node, ingest, keeper, citations, live, backups, notices });
  /** Why the program cannot do its work now. */
  const problems = () => [...ingest.problems(), ...live.problems(), ...ground.machine.problems()];
  const desk = new OperatorDesk({
    ...{ ...ground, notices, backups, problems, aggregator: live.aggregator },
    rejectionsByReason: () => ingest.rejections.countsByReason(),
  });
  const publish = (topic: string, payload: string) => void bus?.retain(topic, payload);
  node?.publish(noticePublisher(desk.publicNotices, { publish, clock }));
  return { archiveJobs, backups, erase, problems, desk };
}
