import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { startHttpReceiver } from '../support/httpReceiver.ts';
import { ADMIN_TOKEN, type OwnStation, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import {
  ADDRESS,
  ADMIN,
  addContact,
  confirmedMail,
  contactsOf,
  linkFrom,
  PUBLIC_URL,
  pathOf,
  press,
  startWithMail,
} from './contactsHouse.ts';

describe('an e-mail address of an owner', () => {
  it('gets one question in plain text and counts once its holder has pressed the button; opening the link does nothing', async () => {
    const { mail, program, station } = await startWithMail();
    const { status, contact } = await addContact(program, station, { kind: 'mail', address: ADDRESS, language: 'de' });
    expect([status, contact]).toEqual([
      201,
      expect.objectContaining({ status: 'pending', isMuted: false, address: ADDRESS }),
    ]);
    const path = await linkFrom(mail, '/confirm/', 1);
    const [question] = mail.mails;
    expect([question?.to, question?.subject]).toEqual([
      [ADDRESS],
      'Bitte bestätigen: Nachrichten zur Station „Balkon Süd“',
    ]);
    expect(question?.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(question?.headers.has('list-unsubscribe')).toBe(false);
    for (let i = 0; i < 3; i++) {
      const page = await program.get(path);
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(page.text).toMatch(/Balkon Süd[\s\S]*<form method="post">/);
    }
    expect(await contactsOf(program, station)).toMatchObject([{ status: 'pending' }]);
    expect(await (await press(program, path)).text()).toContain('Bestätigt');
    expect(await contactsOf(program, station)).toMatchObject([{ status: 'confirmed' }]);
    // Pressed again, or opened from the mail once more: it says the same.
    expect(await (await press(program, path)).text()).toContain('Bestätigt');
    expect((await program.get(path)).text).toContain('<h1>Bestätigt</h1>');
  });

  it('is its station’s owner’s alone, and comes once', async () => {
    const host = await startWithMail();
    const { program, station } = host;
    await confirmedMail(host);
    const other = await program.addStation('esp8266-4712');
    expect((await program.send('GET', pathOf(station), { key: other.ownerKey })).status).toBe(403);
    expect((await program.get(pathOf(station))).status).toBe(401);
    expect(await addContact(program, station, { kind: 'mail', address: ADDRESS.toUpperCase() })).toMatchObject({
      status: 409,
      code: 'contact-exists',
    });
    for (const address of [
      'anna',
      'a@b@c',
      'Anna <anna@example.org>',
      'a@example.org,b@example.org',
      'a@example.org\r\nBcc: b@example.org',
    ]) {
      expect([address, (await addContact(program, station, { kind: 'mail', address })).status]).toEqual([address, 400]);
    }
  });

  it('is asked three times at most, whoever asks', async () => {
    const { mail, program, station } = await startWithMail();
    const { contact } = await addContact(program, station, { kind: 'mail', address: ADDRESS });
    const resend = () => program.send('POST', `${pathOf(station)}/${contact.id}/resend`, { key: station.ownerKey });
    expect([(await resend()).status, (await resend()).status, (await resend()).status]).toEqual([200, 200, 429]);
    const other = await program.addStation('esp8266-4712');
    expect((await addContact(program, other, { kind: 'mail', address: ADDRESS })).status).toBe(429);
    await until('three mails', () => mail.mails.length === 3);
  });

  it('is told clearly when this installation sends no mail', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    expect(await addContact(program, station, { kind: 'mail', address: ADDRESS })).toMatchObject({
      status: 409,
      code: 'mail-off',
    });
    const list = await program.send('GET', pathOf(station), { key: station.ownerKey });
    expect(JSON.parse(list.text)).toEqual({ isMailOn: false, contacts: [] });
    const lost = await program.send('POST', '/api/v1/owner-links', { body: { address: ADDRESS } });
    expect([lost.status, JSON.parse(lost.text).code]).toEqual([409, 'mail-off']);
  });
});

describe('an approval', () => {
  it('is told once to the confirmed address of whoever waited for it', async () => {
    const { mail, program } = await startWithMail({ REGISTRATION: 'approval' });
    const body = { name: 'Hof', position: { lat: 51.4, lon: 7 }, isIndoor: false, acceptedTerms: true };
    const made = JSON.parse((await program.send('POST', '/api/v1/stations', { body })).text);
    const station = { ...made.station, ownerKey: made.ownerKey } as OwnStation;
    await confirmedMail({ mail, program, station });
    const approve = () => program.send('POST', `/api/v1/stations/${station.id}/approve`, { key: ADMIN_TOKEN });
    expect([(await approve()).status, (await approve()).status]).toEqual([200, 200]);
    await until('the mail came', () => mail.mails.length === 2);
    expect(mail.mails[1]).toMatchObject({ to: [ADDRESS], subject: '„Hof“ ist freigegeben' });
    expect(mail.mails[1]?.text).toContain(`${PUBLIC_URL}/station/${station.id}`);
  });
});

describe('a webhook', () => {
  it('must echo a challenge that is signed with the secret its owner was shown', async () => {
    const { program, station } = await startWithMail();
    const receiver = await startHttpReceiver();
    const { contact, secret } = await addContact(program, station, {
      kind: 'webhook',
      address: `${receiver.url}/hook?x=1`,
    });
    expect(contact.status).toBe('confirmed');
    const [post] = receiver.posts;
    const [, seconds, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(post?.headers['buergerluft-signature'])) ?? [];
    expect(signature).toBe(createHmac('sha256', String(secret)).update(`${seconds}.${post?.body}`).digest('hex'));
    expect([post?.method, post?.path]).toEqual(['POST', '/hook?x=1']);
  });

  it('stays unconfirmed when it answers anything else, also by a redirect to one that would', async () => {
    const { program, station } = await startWithMail();
    const willing = await startHttpReceiver();
    const receiver = await startHttpReceiver();
    receiver.answer = () => ({ status: 307, headers: { Location: `${willing.url}/hook` } });
    const { contact } = await addContact(program, station, { kind: 'webhook', address: `${receiver.url}/hook` });
    expect(contact).toMatchObject({ status: 'pending', lastFailure: { reason: 'HTTP 307' } });
    expect(willing.posts).toEqual([]);
    receiver.answer = () => ({ status: 200, body: 'hello' });
    const again = await program.send('POST', `${pathOf(station)}/${contact.id}/resend`, { key: station.ownerKey });
    expect(JSON.parse(again.text)).toMatchObject({
      status: 'pending',
      lastFailure: { reason: 'challenge not echoed' },
    });
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://localhost:1/',
    'http://2130706433:1/',
    'http://0x7f.1:1/',
    'http://[::ffff:7f00:1]:1/',
  ])('is never at a private address: %s', async (address) => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    expect(await addContact(program, station, { kind: 'webhook', address })).toMatchObject({
      status: 400,
      code: 'address-refused',
    });
    expect(await contactsOf(program, station)).toEqual([]);
  });

  it.each(['ftp://example.org/', 'http://user:pass@example.org/', 'file:///etc/passwd', 'https://example.org/#x'])(
    'is a plain http(s) URL: not %s',
    async (address) => {
      const program = await startProgram();
      const station = await program.addStation('esp8266-4711');
      expect((await addContact(program, station, { kind: 'webhook', address })).status).toBe(400);
    },
  );
});

describe('an ntfy topic', () => {
  it('is confirmed by the code that was sent there, within five tries', async () => {
    const { program, station } = await startWithMail();
    const receiver = await startHttpReceiver();
    receiver.answer = () => ({ status: 200, body: '{}' });
    const { contact } = await addContact(program, station, { kind: 'ntfy', address: `${receiver.url}/my-topic` });
    expect(contact.status).toBe('pending');
    const sent = JSON.parse(receiver.posts[0]?.body ?? '{}') as { topic: string; title: string };
    expect([receiver.posts[0]?.path, sent.topic]).toEqual(['/', 'my-topic']);
    const code = /\d{6}/.exec(sent.title)?.[0] ?? '';
    const tryCode = async (typed: string) => {
      const path = `${pathOf(station)}/${contact.id}/confirm`;
      const answer = await program.send('POST', path, { body: { code: typed }, key: station.ownerKey });
      return [answer.status, JSON.parse(answer.text).code ?? JSON.parse(answer.text).status];
    };
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await tryCode(wrong)).toEqual([400, 'wrong-code']);
    expect(await tryCode(code)).toEqual([200, 'confirmed']);
    const second = await addContact(program, station, { kind: 'ntfy', address: `${receiver.url}/other` });
    const other = /\d{6}/.exec(JSON.parse(receiver.posts[1]?.body ?? '{}').title)?.[0] ?? '';
    const path = `${pathOf(station)}/${second.contact.id}/confirm`;
    for (let i = 0; i < 5; i++) {
      await program.send('POST', path, {
        body: { code: other === '111111' ? '222222' : '111111' },
        key: station.ownerKey,
      });
    }
    const late = await program.send('POST', path, { body: { code: other }, key: station.ownerKey });
    expect([late.status, JSON.parse(late.text).code]).toEqual([409, 'code-expired']);
  });
});

describe('keys and addresses', () => {
  it('are in no line of the log', async () => {
    const host = await startWithMail();
    const { mail, program, station } = host;
    await confirmedMail(host);
    mail.refuseWith = { code: 550, message: `no mailbox ${ADDRESS}` };
    await program.send('POST', '/api/v1/owner-links', { body: { address: ADDRESS } });
    await until('it was given up', () => program.logged.some((line) => line.includes('could not be delivered')));
    mail.refuseWith = undefined;
    const receiver = await startHttpReceiver();
    const { secret = '' } = await addContact(program, station, {
      kind: 'webhook',
      address: `${receiver.url}/secret-path`,
    });
    const keys = mail.mails.flatMap(({ text }) => [...text.matchAll(/[0-9A-Z]{26}/g)].map(([key]) => key));
    const log = program.logged.join('\n');
    for (const word of [ADDRESS, 'secret-path', secret, station.ownerKey, ADMIN, ...keys])
      expect(log).not.toContain(word);
    expect(log).toContain('/confirm/:key');
  });
});
