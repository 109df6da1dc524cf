import type { AlertTiming } from '../alerts/alertRule.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../durations.ts';
import type { Language } from '../names.ts';
import { WARNINGS_DE } from './operatorWarningDe.ts';
import { WARNINGS_EN } from './operatorWarningEn.ts';
import { IN_CONTAINER, ownCommand } from './ownCommand.ts';

/**
 * What an operator is warned of, by mail and on the admin page alike: each with what was seen and the command that helps.
 * Pure: numbers and times come in, words go out.
 */

/** What was seen, by subject. Times epoch ms. */
export interface WarningFacts {
  /** Readings came steadily and then stopped. */
  ingest: { lastReadingAt: number };
  disk: { path: string; usedShare: number; freeBytes: number };
  /** `madeAt` is absent where there is none at all. */
  backup: { folder: string; madeAt?: number };
  /** The certificate in a file of ours. */
  certificate: { file: string; endsAt: number };
  /** The certificate visitors meet at `PUBLIC_URL`. */
  'public-certificate': { host: string; endsAt: number };
}
/** What a warning is about. */
export type WarningSubject = keyof WarningFacts;

/** A warning that holds. */
export type Warning = {
  [Subject in WarningSubject]: { subject: Subject; since: number; facts: WarningFacts[Subject] };
}[WarningSubject];

/** Silence after which ingest counts as stopped, ms: six pushes of an airRohr. */
export const INGEST_SILENT_MS = 15 * MINUTE_MS;
/** Share of the disk from which on room must be made. */
export const DISK_FULL_SHARE = 0.8;
/** Share of the disk below which room has been made. */
export const DISK_ROOM_SHARE = 0.77;
/** A daily backup older than this has failed at least once, ms. */
export const BACKUP_OLD_MS = 36 * HOUR_MS;
/** Certificates are renewed 30 days before they end; two weeks before, that has failed, ms. */
export const CERTIFICATE_SHORT_MS = 14 * DAY_MS;

const FOR_EVER = Number.POSITIVE_INFINITY;

/** How patient each warning is. None is ever lost: an operator must not take silence for an all-clear. */
export const WARNING_TIMINGS: Readonly<Record<WarningSubject, AlertTiming>> = {
  ingest: { raiseAfterMs: 0, clearAfterMs: 5 * MINUTE_MS, lostAfterMs: FOR_EVER },
  disk: { raiseAfterMs: 5 * MINUTE_MS, clearAfterMs: 10 * MINUTE_MS, lostAfterMs: FOR_EVER },
  backup: { raiseAfterMs: 0, clearAfterMs: 0, lostAfterMs: FOR_EVER },
  certificate: { raiseAfterMs: 0, clearAfterMs: 0, lostAfterMs: FOR_EVER },
  'public-certificate': { raiseAfterMs: 0, clearAfterMs: 0, lostAfterMs: FOR_EVER },
};

/** What a warning says. `command` is to be typed as it stands. */
export interface WarningWords {
  title: string;
  text: string;
  command: string;
}

/** What a warning says but for the command, and what is said when it is over. */
export type WarningTexts = {
  [Subject in WarningSubject]: {
    raised: (facts: WarningFacts[Subject], speech: WarningSpeech) => Omit<WarningWords, 'command'>;
    over: string;
  };
};

/** How times are written, and where commands are typed. */
export interface WarningSpeech {
  dateTime: (at: number) => string;
  date: (at: number) => string;
  /** True in a container: commands of ours go through it. */
  isContainer: boolean;
}

const TEXTS: Readonly<Record<Language, WarningTexts>> = { de: WARNINGS_DE, en: WARNINGS_EN };

type WarningCommands = {
  [Subject in WarningSubject]: (facts: WarningFacts[Subject], speech: WarningSpeech) => string;
};
const COMMANDS: WarningCommands = {
  ingest: (_facts, { isContainer }) => ownCommand('doctor', isContainer),
  disk: ({ path }, { isContainer }) => `${isContainer ? IN_CONTAINER : ''}du -h -d 1 ${shellWord(path)} | sort -h`,
  backup: (_facts, { isContainer }) => ownCommand('backup', isContainer),
  certificate: () => 'certbot renew',
  'public-certificate': (_facts, { isContainer }) =>
    isContainer ? 'docker compose logs --tail 100 caddy' : ownCommand('doctor', isContainer),
};

/** What is wrong, in words. */
export function warningWords<Subject extends WarningSubject>(
  { subject, facts }: { subject: Subject; facts: WarningFacts[Subject] },
  language: Language,
  speech: WarningSpeech,
): WarningWords {
  const { raised } = TEXTS[language][subject];
  return { ...raised(facts, speech), command: COMMANDS[subject](facts, speech) };
}

/** That it is over, in one line. */
export function allClearTitle(subject: WarningSubject, language: Language): string {
  return TEXTS[language][subject].over;
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
