import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import { DISK_FULL_SHARE } from '../../../server/domain/operator/operatorWarning.ts';
import { bytesText, Outcome, type PartProps, Section, timeText } from './adminParts.tsx';

/** The store, the disk, and the backups. */
export function StoragePart(props: PartProps) {
  const { context, a, overview } = props;
  const { storage } = a;
  const { store, disk } = overview;
  const size = [
    store.readings === null ? undefined : storage.readings(context.format.number(store.readings, 0)),
    store.bytes === null || store.bytes === 0 ? undefined : bytesText(context, store.bytes),
  ].filter((part) => part !== undefined);
  const diskText = storage.diskUsed({
    percent: context.format.percent(disk.usedShare),
    free: bytesText(context, disk.freeBytes),
    path: disk.path,
  });
  return (
    <Section part="storage" a={a}>
      <dl class="admin-facts">
        <dt>{storage.store}</dt>
        <dd>
          {store.kind === 'duckdb' ? 'DuckDB' : 'InfluxDB'},{' '}
          <strong class={store.isTaking ? 'is-good' : 'is-bad'}>
            {store.isTaking ? storage.taking : storage.notTaking}
          </strong>
          {size.length > 0 && `, ${size.join(', ')}`}
        </dd>
        <dt>{storage.disk}</dt>
        <dd class={disk.usedShare >= DISK_FULL_SHARE ? 'is-bad' : ''}>
          {diskText}
          <DiskBar share={disk.usedShare} />
        </dd>
        <dt>{storage.backup}</dt>
        <dd>
          <BackupFacts {...props} />
        </dd>
      </dl>
      <BackupButton {...props} />
    </Section>
  );
}

/** How full the disk is, with a tick where room must be made. */
function DiskBar({ share }: { share: number }) {
  return (
    <svg class="disk-bar" viewBox="0 0 100 6" preserveAspectRatio="none" width="100%" height="6" aria-hidden="true">
      <rect class="disk-all" width={100} height={6} />
      <rect class={share >= DISK_FULL_SHARE ? 'disk-full' : 'disk-used'} width={share * 100} height={6} />
      <rect class="disk-tick" x={DISK_FULL_SHARE * 100} width={0.4} height={6} />
    </svg>
  );
}

function BackupFacts({ context, a, overview }: PartProps) {
  const { storage } = a;
  const { backup } = overview;
  if (backup.folder === undefined) return <p>{storage.noFolder}</p>;
  return (
    <>
      <p>{backup.newest ? newestText(context, a, backup.newest) : storage.noBackup}</p>
      {backup.kept > 0 && <p class="note">{storage.kept(context.format.number(backup.kept, 0))}</p>}
      {backup.isRunning && <p>{storage.running}</p>}
      {backup.lastFailure && (
        <p class="is-bad">
          {storage.lastFailure({
            time: timeText(context, backup.lastFailure.at),
            message: backup.lastFailure.message,
          })}
        </p>
      )}
    </>
  );
}

function newestText(
  context: PartProps['context'],
  { storage }: PartProps['a'],
  newest: NonNullable<AdminOverview['backup']['newest']>,
): string {
  return storage.newest({
    time: timeText(context, newest.madeAt),
    bytes: bytesText(context, newest.bytes),
    rows: context.format.number(newest.rows, 0),
    version: newest.version,
  });
}

function BackupButton({ a, model, overview }: PartProps) {
  const { folder, isRunning } = overview.backup;
  if (folder === undefined) return null;
  const make = () => void model.act('storage', () => model.call('POST', '/admin/backups'));
  return (
    <>
      <button type="button" class="button" disabled={isRunning || model.isBusy.value} onClick={make}>
        {a.storage.make}
      </button>
      <Outcome a={a} model={model} part="storage" done={a.storage.begun} />
    </>
  );
}
