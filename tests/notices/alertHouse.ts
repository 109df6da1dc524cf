import { DEFAULT_ALERTS } from '../../server/domain/alerts/alertSettings.ts';
import { put } from '../../server/notices/noticeRecords.ts';
import { type NoticeHost, openNoticeHost } from './noticeHost.ts';

/** Noon in Berlin: no quiet hours are near. */
export const NOON = Date.parse('2026-11-05T11:00:00Z');

/** The threshold most tests set. */
export const LIMIT = { quantity: 'pm25', average: '1h', value: 25 } as const;

/** An owner's settings of alerts: those of `change`, and no others. */
export async function setAlerts({ notices }: NoticeHost, id: string, change: object): Promise<void> {
  const settings = { ...DEFAULT_ALERTS, silentAfterMinutes: null, isStuckTold: false, ...change };
  await notices.store.write(() => ({ answer: undefined, changes: [put('alerts', { id, settings })] }));
}

/** Subjects of all mails sent so far. */
export const subjects = ({ mail }: NoticeHost) => mail.mails.map(({ subject }) => subject);

/** A text as one types it: with plain spaces before units. */
export const typed = (text: string | undefined) => text?.replace(/\u202f/g, ' ');

/** The same data folder and mail server, a process later. */
export async function restart(host: NoticeHost, options: { now?: number } = {}): Promise<NoticeHost> {
  await host.close();
  return openNoticeHost({ now: options.now ?? host.time.now, dataDir: host.dataDir, mail: host.mail });
}
