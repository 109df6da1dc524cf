import { resolve } from 'node:path';
import { newestBackup } from '../backup/backups.ts';
import type { Config } from '../config.ts';
import type { Verdict } from '../domain/alerts/alertRule.ts';
import { HOUR_MS } from '../domain/durations.ts';
import {
  BACKUP_OLD_MS,
  CERTIFICATE_SHORT_MS,
  DISK_FULL_SHARE,
  DISK_ROOM_SHARE,
  type Warning,
  type WarningSubject,
} from '../domain/operator/operatorWarning.ts';
import { certificateAt, endOfCertificateFile } from './certificates.ts';
import type { DiskState } from './disk.ts';
import { ingestVerdict } from './ingestSilence.ts';
import type { RateCell } from './rateMeter.ts';

/** Certificates are asked for this often: twice a day is soon enough for two weeks, ms. */
const CERTIFICATE_EVERY_MS = 12 * HOUR_MS;

/** What is looked at. */
export interface SensesParts {
  config: Pick<Config, 'DATA_DIR' | 'BACKUP_DIR' | 'TLS_CERT' | 'PUBLIC_URL'>;
  cells: (now: number) => readonly RateCell[];
  /** Since when this process listens, epoch ms. */
  listeningSince: number;
  disk: (path: string) => DiskState;
  /** Told of what could not be looked at. */
  onError: (error: unknown) => void;
}

/** One subject's verdict and what it rests on; without facts nothing could be seen. */
export interface Sight {
  subject: WarningSubject;
  verdict: Verdict;
  facts?: Warning['facts'];
}

/** Looks at what an operator is to be warned of. */
export class OperatorSenses {
  readonly #parts: SensesParts;
  #certificates: { lookedAt: number; ofFile: Sight; ofWebsite: Sight } | undefined;

  constructor(parts: SensesParts) {
    this.#parts = parts;
  }

  /** Everything, as of `now`, epoch ms. What cannot be looked at is `unknown` and takes nothing else with it. */
  async look(now: number): Promise<Sight[]> {
    const certificates = await this.#ofCertificates(now);
    return [
      this.#ingest(now),
      this.#seen('disk', () => this.#disk()),
      this.#seen('backup', () => this.#backup(now)),
      ...certificates,
    ];
  }

  #seen(subject: WarningSubject, look: () => Sight): Sight {
    try {
      return look();
    } catch (error) {
      this.#parts.onError(error);
      return { subject, verdict: 'unknown' };
    }
  }

  #ingest(now: number): Sight {
    const { cells, listeningSince } = this.#parts;
    const { verdict, lastReadingAt } = ingestVerdict({ cells: cells(now), listeningSince, now });
    return { subject: 'ingest', verdict, ...(lastReadingAt !== undefined && { facts: { lastReadingAt } }) };
  }

  #disk(): Sight {
    const { config, disk } = this.#parts;
    const path = resolve(config.DATA_DIR);
    const { usedShare, freeBytes } = disk(path);
    const room = usedShare < DISK_ROOM_SHARE ? 'fine' : 'between';
    return {
      subject: 'disk',
      verdict: usedShare >= DISK_FULL_SHARE ? 'bad' : room,
      facts: { path, usedShare, freeBytes },
    };
  }

  /** Nothing to warn of where no backups are asked for; at the first start there is a while to make one. */
  #backup(now: number): Sight {
    const { config, listeningSince } = this.#parts;
    const folder = config.BACKUP_DIR;
    if (folder === undefined) return { subject: 'backup', verdict: 'fine' };
    const madeAt = newestBackup(folder)?.madeAt;
    const isOld = now - (madeAt ?? listeningSince) > BACKUP_OLD_MS;
    const facts = madeAt === undefined ? { folder } : { folder, madeAt };
    return { subject: 'backup', verdict: isOld ? 'bad' : 'fine', facts };
  }

  async #ofCertificates(now: number): Promise<Sight[]> {
    const kept = this.#certificates;
    if (kept === undefined || now - kept.lookedAt >= CERTIFICATE_EVERY_MS || now < kept.lookedAt) {
      this.#certificates = { lookedAt: now, ofFile: this.#ofFile(), ofWebsite: await this.#ofWebsite() };
    }
    const { ofFile, ofWebsite } = this.#certificates!;
    // A certificate comes nearer to its end while nobody looks at it.
    const verdict = certificateVerdict(ofWebsite, now);
    const isFiles = endOf(ofFile) !== undefined && endOf(ofFile) === endOf(ofWebsite);
    return [
      { ...ofFile, verdict: certificateVerdict(ofFile, now) },
      // The website shows the certificate of our file: one mail says so, about the file.
      { ...ofWebsite, verdict: verdict === 'bad' && isFiles ? 'between' : verdict },
    ];
  }

  #ofFile(): Sight {
    const { TLS_CERT: file } = this.#parts.config;
    if (file === undefined) return { subject: 'certificate', verdict: 'fine' };
    try {
      return { subject: 'certificate', verdict: 'unknown', facts: { file, endsAt: endOfCertificateFile(file) } };
    } catch {
      // The server would not have started without it; while it is being replaced nobody knows.
      return { subject: 'certificate', verdict: 'unknown' };
    }
  }

  async #ofWebsite(): Promise<Sight> {
    const { PUBLIC_URL } = this.#parts.config;
    const subject = 'public-certificate';
    const url = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL);
    if (url?.protocol !== 'https:') return { subject, verdict: 'fine' };
    const host = url.hostname.replace(/^\[|\]$/g, '');
    try {
      const certificate = await certificateAt({ host, port: Number(url.port || 443) }, false);
      return { subject, verdict: 'unknown', facts: { host, endsAt: Date.parse(certificate.validTo) } };
    } catch {
      // Many machines cannot reach their own public address; `doctor` says more.
      return { subject, verdict: 'unknown' };
    }
  }
}

function certificateVerdict(sight: Sight, now: number): Verdict {
  const endsAt = endOf(sight);
  if (endsAt === undefined) return sight.verdict;
  return endsAt - now < CERTIFICATE_SHORT_MS ? 'bad' : 'fine';
}

/** When the certificate that was seen ends; undefined when none could be looked at. */
function endOf({ facts }: Sight): number | undefined {
  return facts !== undefined && 'endsAt' in facts ? facts.endsAt : undefined;
}
