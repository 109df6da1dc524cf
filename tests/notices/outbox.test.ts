import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { Message } from '../../server/notices/noticeRecords.ts';
import { put } from '../../server/notices/noticeRecords.ts';
import { MAX_MESSAGES } from '../../server/notices/outbox.ts';
import { runCliProcess } from '../support/cliProcess.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startMailServer } from '../support/mailServer.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { addContact, addStation, type NoticeHost, openNoticeHost } from './noticeHost.ts';

const NOON = Date.parse('2026-11-05T11:00:00Z');

function message(id: string, change: Partial<Message> = {}): Message {
  return {
    ...{
      id,
      to: { channel: 'mail', address: 'anna@example.org' },
      language: 'de',
      title: `Mail ${id}`,
      text: 'Grüße\n',
    },
    ...{ data: {}, canUnsubscribe: false, createdAt: NOON, attempts: 0, nextAttemptAt: NOON, ...change },
  };
}

const enqueue = ({ notices }: NoticeHost, ...messages: Message[]) =>
  notices.store.write(() => ({ answer: undefined, changes: notices.outbox.take(messages) }));

describe('the outbox', () => {
  it('tries again with growing pauses, at least once an hour, while the mail server refuses for now; gives up after two days', async () => {
    const host = await openNoticeHost({ now: NOON });
    const contact = await addContact(host, await addStation(host));
    host.mail.refuseWith = { code: 451, message: 'later' };
    await enqueue(host, message('a', { subject: { kind: 'contact', id: contact.id } }));
    const triedAt: number[] = [];
    for (let minute = 0; minute <= 3_000 && host.notices.outbox.waiting > 0; minute++) {
      const before = host.notices.outbox.counts.retried + host.notices.outbox.counts.givenUp;
      await host.notices.outbox.sendDue();
      if (host.notices.outbox.counts.retried + host.notices.outbox.counts.givenUp > before) triedAt.push(minute);
      host.time.now += MINUTE_MS;
    }
    const hourly = Array.from({ length: 47 }, (_, hour) => 21 + (hour + 1) * 60);
    expect(triedAt).toEqual([0, 1, 6, 21, ...hourly]);
    expect(host.notices.outbox.counts).toEqual({ sent: 0, retried: 50, givenUp: 1, notTaken: 0 });
    expect(host.notices.store.get('contact', contact.id)?.lastFailure).toMatchObject({ reason: 'SMTP 451' });
    expect(host.logged.join('')).not.toContain('anna@example.org');
  });

  it('lets no message overtake an earlier one to the same address: an all-clear never comes before its alert', async () => {
    const host = await openNoticeHost({ now: NOON });
    const { outbox } = host.notices;
    host.mail.refuseWith = { code: 451, message: 'later' };
    await enqueue(host, message('alert'));
    for (let minute = 0; minute < 30; minute++) {
      await outbox.sendDue();
      host.time.now += MINUTE_MS;
    }
    host.mail.refuseWith = undefined;
    const other = { channel: 'mail' as const, address: 'ben@example.org' };
    const now = { createdAt: host.time.now, nextAttemptAt: host.time.now };
    await enqueue(host, message('all clear', now), message('other', { to: other, ...now }));
    await outbox.sendDue();
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual(['Mail other']);
    host.time.now += 60 * MINUTE_MS;
    await outbox.sendDue();
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual(['Mail other', 'Mail alert', 'Mail all clear']);
    expect(outbox.waiting).toBe(0);
  });

  it('gives up at once what is refused for good, and sends what follows', async () => {
    const host = await openNoticeHost({ now: NOON });
    host.mail.refuseWith = { code: 550, message: 'no such mailbox anna@example.org' };
    await enqueue(host, message('a'));
    await host.notices.outbox.sendDue();
    host.mail.refuseWith = undefined;
    await enqueue(host, message('b'), message('c', { createdAt: NOON + 1 }));
    await host.notices.outbox.sendDue();
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual(['Mail b', 'Mail c']);
    expect(host.mail.mails[0]?.text).toBe('Grüße\n');
    expect(host.mail.mails[0]?.headers.get('message-id')).toBe('<b@luft.example.org>');
    expect(host.notices.outbox.counts).toMatchObject({ sent: 2, givenUp: 1 });
  });

  it('takes no more than its bound and counts what it did not take', async () => {
    const host = await openNoticeHost({ now: NOON });
    const many = Array.from({ length: MAX_MESSAGES + 3 }, (_, i) => message(`m${i}`));
    expect(host.notices.outbox.take(many)).toHaveLength(MAX_MESSAGES);
    expect(host.notices.outbox.counts.notTaken).toBe(3);
  });

  it('lets go of what waits for a contact that is gone, and of what nobody sends any more', async () => {
    const host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    const contact = await addContact(host, id);
    await enqueue(host, message('a', { subject: { kind: 'contact', id: contact.id } }));
    await host.notices.forgetStation(id);
    expect([host.notices.outbox.waiting, host.notices.store.count('contact')]).toEqual([0, 0]);
    await host.close();
    const without = await openNoticeHost({ now: NOON, dataDir: host.dataDir, settings: { SMTP_URL: '' } });
    await without.notices.store.write(() => ({ answer: undefined, changes: [put('message', message('b'))] }));
    await without.notices.outbox.sendDue();
    expect(without.notices.outbox.waiting).toBe(1);
    without.time.now += 8 * 86_400_000;
    await without.notices.outbox.sendDue();
    expect(without.notices.outbox.waiting).toBe(0);
  });

  it('does not hold up the end when the mail server never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closeAfterTest(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const host = await openNoticeHost({ now: NOON, settings: { SMTP_URL: `smtp://127.0.0.1:${port}` } });
    await enqueue(host, message('a'));
    void host.notices.outbox.sendDue();
    await host.close();
    const again = await openNoticeHost({ now: NOON, dataDir: host.dataDir });
    await again.notices.outbox.sendDue();
    expect(again.mail.mails.map(({ subject }) => subject)).toEqual(['Mail a']);
  });

  it('survives kill -9 with a mail server that is away, and sends once when it is back', async () => {
    const away = await startMailServer();
    const port = Number(new URL(away.url).port);
    await away.close();
    const settings = {
      ...{ DATA_DIR: temporaryFolder(), SMTP_URL: away.url, MAIL_FROM: 'luft@example.org' },
      PUBLIC_URL: 'https://luft.example.org',
    };
    const first = await startServerProcess({ settings });
    const { stationId } = await addStationOver(first, 'esp8266-4711');
    const body = { kind: 'mail', address: 'anna@example.org' };
    expect((await first.request('POST', `/api/v1/stations/${stationId}/contacts`, body)).status).toBe(201);
    await first.kill();
    const back = await startMailServer(port);
    const second = await startServerProcess({ settings });
    // The first attempt may have failed before the kill: then the second comes a minute later.
    await until('the mail arrives', () => back.mails.length > 0);
    expect(back.mails.map(({ to }) => to)).toEqual([['anna@example.org']]);
    const sent = async () => (await second.metrics()).get('buergerluft_messages_total{what="sent"}');
    await until('it is counted', async () => (await sent()) === 1);
    expect(await second.stop()).toBe(0);
  });
});

describe('a backup', () => {
  it('holds contacts and what waits, and brings back nothing of a station deleted after it', async () => {
    const settings = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'luft@example.org', DATA_DIR: temporaryFolder() };
    const server = await startServerProcess({ settings });
    const [stays, goes] = [await addStationOver(server, 'esp8266-4711'), await addStationOver(server, 'esp8266-4712')];
    for (const [{ stationId }, address] of [
      [stays, 'anna@example.org'],
      [goes, 'ben@example.org'],
    ] as const) {
      const asked = await server.request('POST', `/api/v1/stations/${stationId}/contacts`, { kind: 'mail', address });
      expect(asked.status).toBe(201);
    }
    const env = { DATA_DIR: settings.DATA_DIR };
    const made = await runCliProcess(['backup', '--to', temporaryFolder(), '--json'], env);
    const { folder } = JSON.parse(made.out) as { folder: string };
    await fetch(`${server.url}/api/v1/stations/${goes.stationId}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${server.adminToken()}` },
    });
    await server.stop();
    expect(await runCliProcess(['restore', folder, '--replace'], env)).toMatchObject({ code: 0 });
    const again = await startServerProcess({ settings });
    const { body } = await again.request('GET', `/api/v1/stations/${stays.stationId}/contacts`);
    expect(body.contacts).toMatchObject([{ address: 'anna@example.org' }]);
    expect((await again.metrics()).get('buergerluft_messages_waiting')).toBe(1);
  });
});
