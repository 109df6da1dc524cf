import type { Language } from '../../../server/domain/names.ts';
import type { QueueName } from '../../../server/domain/operator/adminOverview.ts';
import type { RejectionReason } from '../../../server/domain/reading.ts';
import type { Refusal } from '../host/fieldWords.ts';
import type { HostTexts } from '../host/hostTexts.ts';
import { adminDe } from './adminDe.ts';
import { adminEn } from './adminEn.ts';

/** Parts of the operator's page, in order. */
export const ADMIN_PARTS = [
  'flow',
  'refused',
  'waiting',
  'storage',
  'pending',
  'silent',
  'excluded',
  'notices',
  'letters',
  'program',
] as const;
/** One of `ADMIN_PARTS`. */
export type AdminPart = (typeof ADMIN_PARTS)[number];

/** Everything the operator's page says. Numbers and times come in formatted. */
export interface AdminTexts {
  heading: string;
  signIn: { text: string; label: string; help: string; open: string; wrong: string; away: string; checking: string };
  signOut: string;
  retry: string;
  /** Of the whole page: the time, and how often it is made anew. */
  asOf(time: string): string;
  stale(time: string): string;
  parts: string;
  part: Record<AdminPart, string>;
  done: string;
  failed: { server: string; offline: string; refused(refusal: Refusal): string };
  attention: string;
  allWell: string;
  since(time: string): string;
  copying: Pick<HostTexts, 'copy' | 'copied' | 'copyFailed' | 'copyOf'>;
  mailOn: string;
  /** Nothing is wrong, but something is still to be set up. */
  runsWell: string;
  setup: {
    heading: string;
    lack: Record<'backup' | 'mail', { title: string; text: string }>;
    copying: Pick<HostTexts, 'copy' | 'copied' | 'copyFailed' | 'copyOf'>;
    /** What follows the lines of .env; a command comes after it. `again`: how the server takes them over, where that is one command. */
    afterwards(parts: { again: string | undefined }): string;
  };
  problems: { store: string; broker: string; other(text: string): string };
  flow: {
    messages: string;
    readings: string;
    rejections: string;
    perSecond: string;
    chart: string;
    summary(parts: { total: string; busiest: string; at: string }): string;
    empty: string;
    table: string;
    hour: string;
    now: string;
  };
  refused: {
    none: string;
    intro: string;
    reason: string;
    count: string;
    meaning: string;
    words: Record<RejectionReason, { name: string; meaning: string; help: string }>;
  };
  waiting: {
    queue: Record<QueueName, string>;
    newest: string;
    commit: string;
    loop: string;
    hours: string;
    remake: string;
    ago(seconds: number): string;
    none: string;
  };
  storage: {
    store: string;
    taking: string;
    notTaking: string;
    readings(count: string): string;
    disk: string;
    diskUsed(parts: { percent: string; free: string; path: string }): string;
    backup: string;
    noFolder: string;
    noBackup: string;
    newest(parts: { time: string; bytes: string; rows: string; version: string }): string;
    kept(count: string): string;
    running: string;
    lastFailure(parts: { time: string; message: string }): string;
    make: string;
    begun: string;
  };
  pending: {
    none: string;
    registered(time: string): string;
    never: string;
    heard(time: string): string;
    indoor: string;
    place: string;
    noArea: string;
    approve: string;
    approveLabel(name: string): string;
    refuse: string;
    refuseLabel(name: string): string;
    reason: string;
    refuseNow: string;
    cancel: string;
    cancelLabel(name: string): string;
    refused(parts: { reason: string; time: string }): string;
    refuseNote: string;
  };
  silent: { none: string; station: string; last: string; more(count: string): string; hidden: string };
  excluded: {
    intro: string;
    none: string;
    search: string;
    find: string;
    found(count: number): string;
    reason: string;
    exclude: string;
    excludeLabel(name: string): string;
    undo: string;
    undoLabel(name: string): string;
    status: Record<string, string>;
  };
  /** Stations joined with one here. */
  joined: {
    heading: string;
    intro: string;
    split: string;
    splitLabel(names: { name: string; joinedName: string }): string;
    /** After the name of a station that was taken out. */
    alone: string;
    undo: string;
  };
  notices: {
    intro: string;
    none: string;
    kind: string;
    from: string;
    to: string;
    timeHelp(zone: string): string;
    german: string;
    english: string;
    write: string;
    add: string;
    save: string;
    cancel: string;
    edit: string;
    editLabel(what: string): string;
    remove: string;
    removeLabel(what: string): string;
    badTime: string;
    missing: string;
    sure: string;
  };
  letters: {
    none: string;
    comesOut(time: string): string;
    subscribers(count: string): string;
    status: Record<'waiting' | 'stopped' | 'out', string>;
    kind: Record<'week' | 'month', string>;
    read: string;
    empty: string;
    behind: string;
    stop: string;
    stopLabel(what: string): string;
    release: string;
    releaseLabel(what: string): string;
  };
  program: {
    version: string;
    node: string;
    nodeId: string;
    started: string;
    stations: string;
    stationsOf(parts: { active: string; total: string }): string;
    starts: string;
    startedAt: string;
    ended: string;
    running: string;
    killed: string;
  };
}

/** Texts of a language. */
export function adminTextsOf(language: Language): AdminTexts {
  return { de: adminDe, en: adminEn }[language];
}
