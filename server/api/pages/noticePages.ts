import express, { type Request, type Response, Router } from 'express';
import type { LetterSubscriptions } from '../../letters/subscriptions.ts';
import type { Subject } from '../../notices/noticeLinks.ts';
import type { AreaWatch } from '../../notices/noticeRecords.ts';
import type { Notices } from '../../notices/notices.ts';
import type { OpenTicket } from '../../notices/ownerLinks.ts';
import { type Html, html } from './html.ts';
import type { Asked, PageWriter } from './pageWriter.ts';
import { sendPrivateText } from './sendPrivateText.ts';
import { type NoticePageTexts, noticePageTextsOf } from './texts/noticePageTexts.ts';

/** What the pages need. */
export interface NoticePagesDeps {
  writer: PageWriter;
  notices: Notices;
  letters: Pick<LetterSubscriptions, 'remove'>;
}

/** One request on one of the pages. */
interface Visit {
  request: Request<{ key: string }>;
  response: Response;
  asked: Asked;
  texts: NoticePageTexts;
}

/**
 * Pages that links in messages open. Reading one changes nothing, since mail scanners open every link; what it says is
 * done by its button. All of them work without scripts.
 */
export function createNoticePages(deps: NoticePagesDeps): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '2kb' });
  const page = (path: string, show: (visit: Visit) => void, act: (visit: Visit) => Promise<void>) => {
    router.get(path, (request: Request<{ key: string }>, response) => show(visitOf(deps, request, response)));
    router.post(path, form, (request: Request<{ key: string }>, response) => act(visitOf(deps, request, response)));
  };
  page(
    '/confirm/:key',
    (visit) => showConfirm(deps, visit),
    (visit) => confirm(deps, visit),
  );
  page(
    '/recover/:key',
    (visit) => showRecover(deps, visit),
    (visit) => recover(deps, visit),
  );
  page(
    '/handover/:key',
    (visit) => showHandover(deps, visit),
    (visit) => takeOver(deps, visit),
  );
  page(
    '/unsubscribe/:key',
    (visit) => showUnsubscribe(deps, visit),
    (visit) => unsubscribe(deps, visit),
  );
  return router;
}

function visitOf({ writer }: NoticePagesDeps, request: Request<{ key: string }>, response: Response): Visit {
  const asked = writer.asked(request);
  return { request, response, asked, texts: noticePageTextsOf(asked.language) };
}

function showConfirm(deps: NoticePagesDeps, visit: Visit) {
  const { texts, request } = visit;
  const open = deps.notices.ownerLinks.look('confirm', request.params.key);
  if (open?.purpose !== 'confirm') return sendGone(deps, visit);
  if (open.isConfirmed) return sendDone(deps, visit, texts.confirm.done);
  const main = html`<p>${confirmText(open, texts)}</p>${button(texts.confirm.button)}`;
  return send(deps, visit, { title: texts.confirm.title, main });
}

async function confirm(deps: NoticePagesDeps, visit: Visit): Promise<void> {
  const { texts, request } = visit;
  const open = await deps.notices.ownerLinks.confirm(request.params.key);
  if (open === undefined) return sendGone(deps, visit);
  return sendDone(deps, visit, texts.confirm.done);
}

function confirmText(open: OpenTicket, { confirm: words }: NoticePageTexts): string {
  const { watch, station, subscription } = open as {
    watch?: { areaName: string };
    station?: { name: string };
    subscription?: { areaName: string };
  };
  if (subscription) return words.letters(subscription.areaName);
  return watch ? words.watch(watch.areaName) : words.station(station?.name ?? '');
}

function showRecover(deps: NoticePagesDeps, visit: Visit) {
  const { texts, request } = visit;
  const open = deps.notices.ownerLinks.look('recover', request.params.key);
  if (open?.purpose !== 'recover') return sendGone(deps, visit);
  const main = html`<p>${texts.recover.text(open.station.name)}</p>${button(texts.recover.button)}`;
  return send(deps, visit, { title: texts.recover.title, main });
}

async function recover(deps: NoticePagesDeps, visit: Visit): Promise<void> {
  const { texts, request } = visit;
  const made = await deps.notices.ownerLinks.redeem(request.params.key);
  if (made === undefined) return sendGone(deps, visit);
  deps.notices.tellLinkReplaced(made.station);
  const { title, text } = texts.recover.done;
  return sendOwnerLink(deps, visit, { title, text: text(made.station.name), link: made.link });
}

function showHandover(deps: NoticePagesDeps, visit: Visit, problem?: string) {
  const { texts, request, asked } = visit;
  const open = deps.notices.ownerLinks.look('handover', request.params.key);
  if (open?.purpose !== 'handover') return sendGone(deps, visit);
  const words = texts.handover;
  const main = html`<p>${words.intro(open.station.name)}</p>
<ul>${words.points(open.station.positionGridMetres).map((point) => html`<li>${point}</li>`)}</ul>
<form method="post">
<p><label class="check"><input type="checkbox" name="accepted" value="yes"${problem !== undefined && html` aria-describedby="accept-wrong" autofocus`}> ${words.accept}</label></p>${problem !== undefined && html`<p class="field-error" id="accept-wrong" role="alert">${problem}</p>`}
<p><a href="/privacy">${asked.texts.footer.privacy}</a></p>
<p><button class="button" type="submit">${words.button}</button></p></form>`;
  return send(deps, visit, { title: words.title, main });
}

async function takeOver(deps: NoticePagesDeps, visit: Visit): Promise<void> {
  const { texts, request, response } = visit;
  if (request.body?.accepted !== 'yes') {
    response.status(400);
    return showHandover(deps, visit, texts.handover.needsAccept);
  }
  const taken = await deps.notices.ownerLinks.takeOver(request.params.key);
  deps.notices.sendSoon();
  if (taken === undefined) return sendGone(deps, visit);
  const { title, text } = texts.handover.done;
  return sendOwnerLink(deps, visit, { title, text: text(taken.station.name), link: taken.link });
}

function showUnsubscribe(deps: NoticePagesDeps, visit: Visit) {
  const { texts, request } = visit;
  const subject = deps.notices.links.readUnsubscribeKey(request.params.key);
  if (subject === undefined) return sendGone(deps, visit);
  const asked = describeSubject(deps, texts, subject);
  const words = texts.unsubscribe;
  if (asked === undefined) return sendDone(deps, visit, words.already);
  return send(deps, visit, { title: words.title, main: html`<p>${asked}</p>${endings(deps, words, subject)}` });
}

/** What can be ended, and how. */
function endings({ notices }: NoticePagesDeps, words: NoticePageTexts['unsubscribe'], { kind, id }: Subject): Html {
  const removal = html`<p class="note">${words.removeNote}</p>${button(words.remove, 'remove')}`;
  switch (kind) {
    case 'letter':
      return button(words.endLetters, 'remove');
    case 'watch': {
      const form = alertFormOf(notices.store.get('watch', id));
      const another = form !== undefined && html`<p><a href="${form}">${words.another}</a></p>`;
      return html`${button(words.end, 'remove')}${another}`;
    }
    case 'contact':
      return notices.store.get('contact', id)?.isMuted
        ? html`<p>${words.muted.text}</p>${button(words.remove, 'remove')}`
        : html`${button(words.mute, 'mute')}${removal}`;
  }
}

/** The form of a watch of the same kind; chosen stations have none. */
function alertFormOf(watch: AreaWatch | undefined): string | undefined {
  if (watch === undefined || 'stationIds' in watch.area) return undefined;
  const { area, threshold } = watch;
  const place =
    'areaId' in area
      ? { area: area.areaId }
      : { lat: String(area.lat), lon: String(area.lon), radius: String(area.radiusMetres) };
  const { quantity, average, value } = threshold;
  return `/alerts?${new URLSearchParams({ ...place, quantity, average, above: String(value) })}`;
}

/** Also what mail programs post by themselves (RFC 8058): `List-Unsubscribe=One-Click`. */
async function unsubscribe(deps: NoticePagesDeps, visit: Visit): Promise<void> {
  const { texts, request } = visit;
  const { contacts, areaWatches, links } = deps.notices;
  const subject = links.readUnsubscribeKey(request.params.key);
  if (subject === undefined) return sendGone(deps, visit);
  if (describeSubject(deps, texts, subject) === undefined) return sendDone(deps, visit, texts.unsubscribe.already);
  const isRemoval = subject.kind !== 'contact' || request.body?.action === 'remove';
  if (subject.kind === 'watch') await areaWatches.remove(subject.id);
  else if (subject.kind === 'letter') await deps.letters.remove(subject.id);
  else if (isRemoval) await contacts.remove(subject.id);
  else await contacts.change(subject.id, { isMuted: true });
  const { ended, removed, muted } = texts.unsubscribe;
  if (subject.kind !== 'contact') return sendDone(deps, visit, ended[subject.kind]);
  return sendDone(deps, visit, isRemoval ? removed : muted);
}

function describeSubject(
  { notices }: NoticePagesDeps,
  { unsubscribe: words }: NoticePageTexts,
  { kind, id }: Subject,
): string | undefined {
  if (kind === 'watch') {
    const watch = notices.store.get('watch', id);
    return watch && words.watch(watch.address, watch.areaName);
  }
  if (kind === 'letter') {
    const letter = notices.store.get('letter', id);
    return letter && words.letters(letter.address, letter.areaName);
  }
  const contact = notices.store.get('contact', id);
  return contact && words.contact(contact.address, notices.stationName(contact.stationId));
}

function button(label: string, action?: string): Html {
  const field = action === undefined ? undefined : html`<input type="hidden" name="action" value="${action}">`;
  return html`<form method="post">${field}<p><button class="button" type="submit">${label}</button></p></form>`;
}

function sendOwnerLink(
  deps: NoticePagesDeps,
  visit: Visit,
  { title, text, link }: { title: string; text: string; link: string },
) {
  const { texts } = visit;
  const main = html`<p>${text}</p><p class="owner-link"><code>${link}</code></p>
<p><a class="button owner-link-open" href="${link}" rel="noreferrer">${texts.ownerLink}</a></p><p class="note">${texts.keepIt}</p>`;
  return send(deps, visit, { title, main });
}

function sendDone(deps: NoticePagesDeps, visit: Visit, { title, text }: { title: string; text: string }) {
  return send(deps, visit, { title, main: html`<p>${text}</p><p><a href="/">${visit.asked.texts.toMap}</a></p>` });
}

function sendGone(deps: NoticePagesDeps, visit: Visit) {
  const { response, texts } = visit;
  response.status(404);
  return sendDone(deps, visit, texts.gone);
}

/** These pages are nobody else's: not kept by caches, not indexed, and their address goes nowhere. */
function send({ writer }: NoticePagesDeps, visit: Visit, page: { title: string; main: Html }): void {
  visit.response.set('Referrer-Policy', 'no-referrer');
  sendPrivateText(writer, visit, page);
}
