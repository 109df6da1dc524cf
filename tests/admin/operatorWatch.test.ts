import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createSilentServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OperatorSenses } from '../../server/admin/operatorSenses.ts';
import { OperatorWatch } from '../../server/admin/operatorWatch.ts';
import { RateMeter } from '../../server/admin/rateMeter.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { openNoticeHost } from '../notices/noticeHost.ts';
import { closeAfterTest } from '../support/closing.ts';
import type { MailServer } from '../support/mailServer.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { makeCertificate } from './certificate.ts';

const START = Date.UTC(2026, 10, 26, 12);

interface Scene {
  dataDir?: string;
  mail?: MailServer;
  meter?: RateMeter;
  now?: number;
  settings?: Record<string, string>;
}

/** A watch over a real store, outbox and mail server; the disk is what the test says. */
async function openWatch({ meter = new RateMeter(), now = START, settings, ...scene }: Scene = {}) {
  const mailTo = { OPERATOR_MAIL: 'betrieb@example.org', PUBLIC_URL: 'http://luft.example.org' };
  const host = await openNoticeHost({ ...scene, now, settings: { ...mailTo, ...settings } });
  const { config, notices, time } = host;
  const clock = () => time.now;
  const disk = { usedShare: 0.5 };
  const errors: unknown[] = [];
  const senses = new OperatorSenses({
    config,
    cells: (at) => meter.cells(at),
    listeningSince: now,
    disk: (path) => ({ path, totalBytes: 100e9, freeBytes: (1 - disk.usedShare) * 100e9, usedShare: disk.usedShare }),
    onError: (error) => void errors.push(error),
  });
  const { store, outbox, writer, links } = notices;
  const sent = { later: Promise.resolve() };
  const sendSoon = () => {
    sent.later = outbox.sendDue();
  };
  const watch = new OperatorWatch({ config, senses, store, outbox, sendSoon, writer, links, clock });
  const totals = { messages: 0, readings: 0, rejections: 0 };
  meter.sample(time.now, totals);
  /** Lets minutes pass, looking once in each; `readings` come in each of them. */
  const pass = async (minutes: number, readings = 0) => {
    for (let minute = 0; minute < minutes; minute++) {
      time.now += MINUTE_MS;
      totals.readings += readings;
      meter.sample(time.now, totals);
      await watch.look();
      await sent.later;
    }
  };
  return { ...host, watch, meter, disk, errors, pass, subjects: () => host.mail.mails.map(({ subject }) => subject) };
}

describe('the operator is written to', () => {
  it('once when readings stop that came steadily, with the command that helps, and once when they are back', async () => {
    const { pass, subjects, mail, watch } = await openWatch();
    await pass(60, 3);
    await pass(14);
    expect(subjects()).toEqual([]);
    await pass(10);
    expect(subjects()).toEqual(['Bürgerluft: Es kommen keine Messungen mehr an']);
    expect(mail.mails[0]!.to).toEqual(['betrieb@example.org']);
    expect(mail.mails[0]!.text).toContain('    npx buergerluft doctor\n');
    expect(mail.mails[0]!.text).toMatch(/Seit 26\.11\., 14:0\d Uhr MEZ wurde keine Messung mehr gespeichert\./);
    expect(watch.warnings().map(({ subject }) => subject)).toEqual(['ingest']);
    await pass(60);
    expect(subjects()).toHaveLength(1);
    await pass(4, 3);
    expect(subjects()).toHaveLength(1);
    await pass(6, 3);
    expect(subjects().slice(1)).toEqual(['Bürgerluft: Es kommen wieder Messungen an']);
    expect(mail.mails[1]!.text).toMatch(/^Entwarnung: .* an, seit 26\.11\., 15:2\d Uhr MEZ\.\n/);
    for (const { text } of mail.mails) expect(text).toContain('unter OPERATOR_MAIL steht, sonst CONTACT.\n');
    expect(watch.warnings()).toEqual([]);
  });

  it('neither again nor too early after a restart', async () => {
    const first = await openWatch();
    await first.pass(60, 3);
    await first.pass(20);
    expect(first.subjects()).toHaveLength(1);
    await first.close();
    const second = await openWatch({
      dataDir: first.dataDir,
      mail: first.mail,
      meter: first.meter,
      now: first.time.now,
    });
    await second.pass(60);
    expect(second.subjects()).toHaveLength(1);
    await second.pass(6, 3);
    expect(second.subjects()).toHaveLength(2);
    await second.close();
    // Down for an hour: nobody could send meanwhile.
    const third = await openWatch({
      ...{ dataDir: second.dataDir, mail: second.mail, meter: second.meter, now: second.time.now + HOUR_MS },
    });
    await third.pass(14);
    expect(third.subjects()).toHaveLength(2);
  });

  it('not when readings only came now and then', async () => {
    const { pass, subjects } = await openWatch();
    for (let round = 0; round < 6; round++) {
      await pass(1, 1);
      await pass(19);
    }
    await pass(120);
    expect(subjects()).toEqual([]);
  });

  it('when the disk is at 80 %, not at each wobble, and when there is room again', async () => {
    const { pass, subjects, mail, disk, config } = await openWatch();
    disk.usedShare = 0.79;
    await pass(10);
    expect(subjects()).toEqual([]);
    disk.usedShare = 0.805;
    await pass(6);
    disk.usedShare = 0.79;
    await pass(20);
    disk.usedShare = 0.81;
    await pass(20);
    expect(subjects()).toEqual(['Bürgerluft: Der Datenträger ist zu 80 % voll']);
    expect(mail.mails[0]!.text).toContain(`du -h -d 1 ${config.DATA_DIR} | sort -h`);
    expect(mail.mails[0]!.text).toMatch(/19\sGB frei/);
    disk.usedShare = 0.76;
    await pass(11);
    expect(subjects().slice(1)).toEqual(['Bürgerluft: Auf dem Datenträger ist wieder Platz']);
    disk.usedShare = 0.9996;
    await pass(6);
    expect(mail.mails[2]!.text).toMatch(/noch [34]\d\sMB frei/);
  });

  it('when the newest backup is older than 36 hours, in English, and never where none are asked for', async () => {
    const folder = temporaryFolder();
    const made = (at: number) => mkdirSync(join(folder, `buergerluft-${isoName(at)}Z`));
    const { pass, subjects, mail, time } = await openWatch({ settings: { BACKUP_DIR: folder, LANGUAGE: 'en' } });
    made(START);
    time.now = START + 36 * HOUR_MS - MINUTE_MS;
    await pass(1);
    expect(subjects()).toEqual([]);
    await pass(3);
    expect(subjects()).toEqual(['Bürgerluft: The backup is older than 36 hours']);
    expect(mail.mails[0]!.text).toContain('    npx buergerluft backup\n');
    made(time.now);
    await pass(2);
    expect(subjects().slice(1)).toEqual(['Bürgerluft: There is a fresh backup again']);
    const without = await openWatch();
    without.time.now += 10 * DAY_MS;
    await without.pass(2);
    expect(without.subjects()).toEqual([]);
  });

  it('of the others also where the folder of the backups cannot be read', async () => {
    const file = join(temporaryFolder(), 'no-folder');
    writeFileSync(file, '');
    const { pass, subjects, disk, errors } = await openWatch({ settings: { BACKUP_DIR: file } });
    disk.usedShare = 0.9;
    await pass(7);
    expect(subjects()).toEqual(['Bürgerluft: Der Datenträger ist zu 90 % voll']);
    expect(errors).toContainEqual(expect.objectContaining({ name: 'BackupError' }));
  });

  it('when a certificate in a file ends within 14 days, and when it is renewed', async () => {
    const folder = temporaryFolder();
    const { cert } = makeCertificate(folder, 20);
    const endsAt = Date.parse(new X509Certificate(readFileSync(cert)).validTo);
    const settings = { TLS_CERT: cert, TLS_KEY: cert };
    const { pass, subjects, mail, time } = await openWatch({ settings, now: endsAt - 15 * DAY_MS });
    await pass(2);
    expect(subjects()).toEqual([]);
    time.now = endsAt - 14 * DAY_MS + MINUTE_MS;
    await pass(2);
    expect(subjects()).toEqual([expect.stringMatching(/^Bürgerluft: Das Zertifikat endet am \d+\.\d+\.20\d\d$/)]);
    expect(mail.mails[0]!.text).toContain('    certbot renew\n');
    makeCertificate(folder, 90);
    await pass(1);
    time.now += DAY_MS / 2;
    await pass(2);
    expect(subjects().slice(1)).toEqual(['Bürgerluft: Das Zertifikat ist erneuert']);
  });

  it('when the certificate met at PUBLIC_URL ends, also one nobody would trust', async () => {
    const folder = temporaryFolder();
    const { cert, key } = makeCertificate(folder, 5);
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeAfterTest(() => void server.close());
    const PUBLIC_URL = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { pass, subjects } = await openWatch({ settings: { PUBLIC_URL }, now: Date.now() });
    await pass(1);
    expect(subjects()).toEqual([expect.stringContaining('Das Zertifikat von 127.0.0.1 endet am')]);
    // The server’s own HTTPS: the same certificate is in its file, and one event is one mail.
    const own = await openWatch({ settings: { PUBLIC_URL, TLS_CERT: cert, TLS_KEY: key }, now: Date.now() });
    await own.pass(1);
    expect(own.subjects()).toEqual([expect.stringContaining('Das Zertifikat endet am')]);
    // Renewed, and not yet shown: the server was not restarted.
    makeCertificate(folder, 90);
    own.time.now += DAY_MS / 2;
    await own.pass(1);
    expect(own.subjects().slice(1)).toEqual([
      'Bürgerluft: Das Zertifikat ist erneuert',
      expect.stringContaining('Das Zertifikat von 127.0.0.1 endet am'),
    ]);
    expect(own.mail.mails[2]!.text).toContain('fehlt nur ein Neustart des Servers');
  });

  it('however long the mail server takes: a look does not wait for it, and a stop not for the look', async () => {
    const silent = createSilentServer((socket) => {
      socket.on('error', () => undefined);
      closeAfterTest(() => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closeAfterTest(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const { cert: TLS_CERT, key: TLS_KEY } = makeCertificate(temporaryFolder(), 5);
    const settings = { SMTP_URL: `smtp://127.0.0.1:${port}`, TLS_CERT, TLS_KEY };
    const { watch, notices } = await openWatch({ settings, now: Date.now() });
    expect(await watch.look()).toBe(1);
    const { waiting, counts } = notices.outbox;
    expect([waiting, counts.retried, counts.givenUp]).toEqual([1, 0, 0]);
  });

  it('at CONTACT when that is an address; without one the warning still stands on the page', async () => {
    const contact = await openWatch({ settings: { OPERATOR_MAIL: '', CONTACT: 'rat@example.org' } });
    contact.disk.usedShare = 0.9;
    await contact.pass(7);
    await until('the mail is there', () => contact.mail.mails.length === 1);
    expect(contact.mail.mails[0]!.to).toEqual(['rat@example.org']);
    const nobody = await openWatch({ settings: { OPERATOR_MAIL: '', CONTACT: 'https://example.org/kontakt' } });
    nobody.disk.usedShare = 0.9;
    await nobody.pass(7);
    expect([nobody.watch.address, nobody.subjects()]).toEqual([undefined, []]);
    expect(nobody.watch.warnings()).toMatchObject([{ subject: 'disk', facts: { usedShare: 0.9 } }]);
  });
});

function isoName(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(':', '');
}
