import { describe, expect, it } from '@jest/globals';
import {
  type WarningFacts,
  type WarningSubject,
  warningWords,
} from '../../../server/domain/operator/operatorWarning.ts';

const FACTS: WarningFacts = {
  ingest: { lastReadingAt: 0 },
  disk: { path: '/data', usedShare: 0.81, freeBytes: 1e9 },
  backup: { folder: '/backups' },
  certificate: { file: '/certificate.pem', endsAt: 0 },
  'public-certificate': { host: 'luft.example.org', endsAt: 0 },
};
const speech = (isContainer: boolean) => ({ dateTime: String, date: String, isContainer });
const commandOf = (subject: WarningSubject, isContainer: boolean) =>
  warningWords({ subject, facts: FACTS[subject] }, 'de', speech(isContainer)).command;

describe('the command that helps', () => {
  it.each<[WarningSubject, string, string]>([
    ['ingest', 'npx buergerluft doctor', 'docker compose exec server buergerluft doctor'],
    ['disk', 'du -h -d 1 /data | sort -h', 'docker compose exec server du -h -d 1 /data | sort -h'],
    ['backup', 'npx buergerluft backup', 'docker compose exec server buergerluft backup'],
    ['certificate', 'certbot renew', 'certbot renew'],
    ['public-certificate', 'npx buergerluft doctor', 'docker compose logs --tail 100 caddy'],
  ])('against %s is one that is there, on the machine and in the image', (subject, here, inContainer) => {
    expect([commandOf(subject, false), commandOf(subject, true)]).toEqual([here, inContainer]);
  });
});
