import { createHmac } from 'node:crypto';
import { type Delivery, deliveryOf, type Send } from './delivery.ts';
import { guardedPost, type Post, PostError } from './guardedPost.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import type { Message } from './noticeRecords.ts';
import type { IsAddressAllowed } from './publicAddress.ts';

/** What webhooks and ntfy topics are reached with. */
export interface HookOptions {
  links: NoticeLinks;
  isAddressAllowed: IsAddressAllowed;
  /** Epoch ms. */
  clock: () => number;
}

/** `t=<epoch s>,v1=<hex HMAC-SHA256 over "<t>.<body>">`: what `Buergerluft-Signature` carries. */
function signatureOf(secret: string, body: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Sends messages to webhooks as signed JSON. */
export function createWebhookSend(options: HookOptions): Send {
  return async (message) => {
    const { id, title, text, language, data, createdAt } = message;
    const at = new Date(createdAt).toISOString();
    const unsubscribe =
      message.subject && message.canUnsubscribe ? options.links.unsubscribe(message.subject) : undefined;
    const body = JSON.stringify({ id, at, language, title, text, ...data, ...(unsubscribe && { unsubscribe }) });
    return attempt(async () => deliveryOf((await postSigned(message, body, options)).status));
  };
}

/** Asks a webhook to prove that it wants our messages: the answer must be the challenge itself. */
export async function challengeWebhook(
  contact: { id: string; address: string },
  challenge: string,
  options: HookOptions,
): Promise<Delivery> {
  const body = JSON.stringify({ type: 'challenge', challenge });
  const to = {
    to: { channel: 'webhook' as const, address: contact.address },
    subject: { kind: 'contact' as const, id: contact.id },
  };
  return attempt(async () => {
    const answer = await postSigned(to, body, options);
    const delivery = deliveryOf(answer.status);
    if (delivery.result !== 'sent' || answer.body.trim() === challenge) return delivery;
    return { result: 'refused', reason: 'challenge not echoed' };
  });
}

/** Sends messages to ntfy topics, as JSON to the server's root, since titles hold umlauts. */
export function createNtfySend({ isAddressAllowed }: HookOptions): Send {
  return (message) => {
    const url = new URL(message.to.address);
    const path = url.pathname.split('/').filter(Boolean);
    const topic = path.pop() ?? '';
    url.pathname = `/${path.join('/')}`;
    const body = JSON.stringify({ topic, title: message.title, message: message.text });
    const post: Post = { url, body, headers: { 'Content-Type': 'application/json' } };
    return attempt(async () => deliveryOf((await guardedPost(post, isAddressAllowed)).status));
  };
}

function postSigned(message: Pick<Message, 'to' | 'subject'>, body: string, options: HookOptions) {
  const { links, isAddressAllowed, clock } = options;
  const secret = links.webhookSecret(message.subject?.id ?? '');
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'Buergerluft',
    'Buergerluft-Signature': signatureOf(secret, body, clock()),
  };
  return guardedPost({ url: new URL(message.to.address), body, headers }, isAddressAllowed);
}

async function attempt(send: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof PostError)) throw error;
    // A name may point elsewhere tomorrow, but an address that is refused is nobody's to be tried for days.
    return { result: error.message === 'address not allowed' ? 'refused' : 'later', reason: error.message };
  }
}
