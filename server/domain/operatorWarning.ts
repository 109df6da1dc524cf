import type { AlertTiming } from './alertRule.ts';
import type { Language } from './names.ts';

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
export type WarningSubject = keyof WarningFacts;

/** A warning that holds. */
export type Warning = {
  [Subject in WarningSubject]: { subject: Subject; since: number; facts: WarningFacts[Subject] };
}[WarningSubject];

/** Silence after which ingest counts as stopped, ms: six pushes of an airRohr. */
export const INGEST_SILENT_MS = 15 * 60_000;
/** Share of the disk from which on room must be made, and below which it has been. */
export const DISK_FULL_SHARE = 0.8;
export const DISK_ROOM_SHARE = 0.77;
/** A daily backup older than this has failed at least once, ms. */
export const BACKUP_OLD_MS = 36 * 3_600_000;
/** Certificates are renewed 30 days before they end; two weeks before, that has failed, ms. */
export const CERTIFICATE_SHORT_MS = 14 * 86_400_000;

const MINUTE_MS = 60_000;
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

/** How times and amounts are written, and where commands are typed. */
export interface WarningSpeech {
  dateTime: (at: number) => string;
  date: (at: number) => string;
  /** True in a container: commands of ours go through it. */
  isContainer: boolean;
}

/** What is wrong, in words. */
export function warningWords(
  { subject, facts }: Omit<Warning, 'since'>,
  language: Language,
  speech: WarningSpeech,
): WarningWords {
  return language === 'de' ? germanWords(subject, facts, speech) : englishWords(subject, facts, speech);
}

/** That it is over, in one line. */
export function allClearTitle(subject: WarningSubject, language: Language): string {
  return ALL_CLEAR[subject][language];
}

const ALL_CLEAR: Readonly<Record<WarningSubject, Readonly<Record<Language, string>>>> = {
  ingest: { de: 'Es kommen wieder Messungen an', en: 'Readings arrive again' },
  disk: { de: 'Auf dem Datenträger ist wieder Platz', en: 'There is room on the disk again' },
  backup: { de: 'Es gibt wieder eine frische Sicherung', en: 'There is a fresh backup again' },
  certificate: { de: 'Das Zertifikat ist erneuert', en: 'The certificate is renewed' },
  'public-certificate': { de: 'Das Zertifikat der Website ist erneuert', en: 'The website’s certificate is renewed' },
};

function germanWords(subject: WarningSubject, given: Warning['facts'], speech: WarningSpeech): WarningWords {
  const { dateTime, date } = speech;
  switch (subject) {
    case 'ingest': {
      const { lastReadingAt } = given as WarningFacts['ingest'];
      return {
        title: 'Es kommen keine Messungen mehr an',
        text: `Die letzte Messung wurde ${dateTime(lastReadingAt)} gespeichert. Davor kamen sie regelmäßig. Der Befehl prüft Broker, Speicher, Uhr und Netz und sagt, woran es liegt.`,
        command: ownCommand('doctor', speech),
      };
    }
    case 'disk': {
      const { path, usedShare, freeBytes } = given as WarningFacts['disk'];
      return {
        title: `Der Datenträger ist zu ${percent(usedShare)} % voll`,
        text: `Unter ${path} sind noch ${gigabytes(freeBytes, 'de')} frei. Auf einem vollen Datenträger wird keine Messung mehr angenommen. Der Befehl zeigt, was den Platz braucht; alte Sicherungen dürfen weg, Dateien in ${path} nicht.`,
        command: `du -h -d 1 ${shellWord(path)} | sort -h`,
      };
    }
    case 'backup': {
      const { folder, madeAt } = given as WarningFacts['backup'];
      const age = madeAt === undefined ? 'Es gibt noch keine.' : `Die letzte ist von ${dateTime(madeAt)}.`;
      return {
        title: madeAt === undefined ? 'Es gibt keine Sicherung' : 'Die Sicherung ist älter als 36 Stunden',
        text: `Jeden Tag soll eine in ${folder} entstehen. ${age} Der Befehl macht jetzt eine und sagt, was daran hindert.`,
        command: ownCommand('backup', speech),
      };
    }
    case 'certificate': {
      const { file, endsAt } = given as WarningFacts['certificate'];
      return {
        title: `Das Zertifikat endet am ${date(endsAt)}`,
        text: `Danach warnen Browser vor dieser Website, und Geräte können nicht mehr senden. Es liegt in ${file}. Nach dem Erneuern den Server neu starten.`,
        command: 'certbot renew',
      };
    }
    case 'public-certificate': {
      const { host, endsAt } = given as WarningFacts['public-certificate'];
      return {
        title: `Das Zertifikat von ${host} endet am ${date(endsAt)}`,
        text: 'Danach warnen Browser vor dieser Website. Der Proxy davor erneuert es sonst von selbst; im Protokoll steht, warum nicht.',
        command: 'docker compose logs --tail 100 caddy',
      };
    }
  }
}

function englishWords(subject: WarningSubject, given: Warning['facts'], speech: WarningSpeech): WarningWords {
  const { dateTime, date } = speech;
  switch (subject) {
    case 'ingest': {
      const { lastReadingAt } = given as WarningFacts['ingest'];
      return {
        title: 'No readings arrive any more',
        text: `The last reading was stored at ${dateTime(lastReadingAt)}. Before that they came steadily. The command checks broker, store, clock and network and says what is wrong.`,
        command: ownCommand('doctor', speech),
      };
    }
    case 'disk': {
      const { path, usedShare, freeBytes } = given as WarningFacts['disk'];
      return {
        title: `The disk is ${percent(usedShare)} % full`,
        text: `${gigabytes(freeBytes, 'en')} are left below ${path}. On a full disk no reading is taken any more. The command shows what takes the room; old backups may go, files in ${path} may not.`,
        command: `du -h -d 1 ${shellWord(path)} | sort -h`,
      };
    }
    case 'backup': {
      const { folder, madeAt } = given as WarningFacts['backup'];
      const age = madeAt === undefined ? 'There is none yet.' : `The last one is of ${dateTime(madeAt)}.`;
      return {
        title: madeAt === undefined ? 'There is no backup' : 'The backup is older than 36 hours',
        text: `One should be made in ${folder} every day. ${age} The command makes one now and says what is in the way.`,
        command: ownCommand('backup', speech),
      };
    }
    case 'certificate': {
      const { file, endsAt } = given as WarningFacts['certificate'];
      return {
        title: `The certificate ends on ${date(endsAt)}`,
        text: `From then on browsers warn of this website, and devices cannot send any more. It lies in ${file}. Restart the server once it is renewed.`,
        command: 'certbot renew',
      };
    }
    case 'public-certificate': {
      const { host, endsAt } = given as WarningFacts['public-certificate'];
      return {
        title: `The certificate of ${host} ends on ${date(endsAt)}`,
        text: 'From then on browsers warn of this website. The proxy in front renews it by itself otherwise; its log says why it did not.',
        command: 'docker compose logs --tail 100 caddy',
      };
    }
  }
}

function ownCommand(verb: string, { isContainer }: WarningSpeech): string {
  return isContainer ? `docker compose exec server npx buergerluft ${verb}` : `npx buergerluft ${verb}`;
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function percent(share: number): number {
  return Math.floor(share * 100);
}

function gigabytes(bytes: number, language: Language): string {
  const digits = bytes < 10e9 ? 1 : 0;
  const text = (bytes / 1e9).toFixed(digits);
  return `${language === 'de' ? text.replace('.', ',') : text}\u202fGB`;
}
