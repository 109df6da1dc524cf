import type { Message } from './noticeRecords.ts';

/** What became of one attempt. `later`: worth another try; `refused`: the other side will not have it. */
export type Delivery = { result: 'sent' } | { result: 'later' | 'refused'; reason: string };

/** Sends a message one way. Never throws for what the other side does; reasons hold no address. */
export type Send = (message: Message) => Promise<Delivery>;

/** Judges an HTTP answer: 2xx is sent, what may pass (408, 429, 5xx) is tried again, all else, redirects too, is refused. */
export function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { result: 'sent' };
  const mayPass = status === 408 || status === 429 || status >= 500;
  return { result: mayPass ? 'later' : 'refused', reason: `HTTP ${status}` };
}
