import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { type ContactRefusal, isContactRefusal } from '../../notices/contacts.ts';
import type { Contact } from '../../notices/noticeRecords.ts';
import type { Notices } from '../../notices/notices.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, jsonBody, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { codeSchema, contactPatchSchema, contactSchema, contactView, newContactSchema } from '../noticeRequests.ts';

/** What the contact routes need. */
export interface ContactsDeps {
  notices: Notices;
  access: Access;
  config: Pick<Config, 'LANGUAGE'>;
}

const stationId = pathParameter('id', 'Station id');
const contactId = pathParameter('contactId', 'Contact id');
const byOwner = { tags: ['Hosting'] as [string], security: NEEDS_KEY };
const ofContact = { ...byOwner, parameters: [stationId, contactId] };
const listSchema = z.object({ isMailOn: z.boolean(), contacts: z.array(contactSchema) });
const addedSchema = z.object({ contact: contactSchema, secret: z.string().optional() });

/** What the routes say of themselves. */
export const contactsPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/contacts': {
    get: {
      ...byOwner,
      operationId: 'listContacts',
      summary: 'Where messages about a station go (owner or admin)',
      parameters: [stationId],
      responses: { 200: jsonAnswer('Contacts', listSchema), ...problems(401, 403, 404) },
    },
    post: {
      ...byOwner,
      operationId: 'addContact',
      summary: 'Add an e-mail address, webhook or ntfy topic; its holder is asked first (owner or admin)',
      description:
        'A webhook is sent {type: "challenge", challenge} at once and must answer 2xx with the challenge as its body; what comes later is signed: Buergerluft-Signature: t=<epoch s>,v1=<hex HMAC-SHA256 of "<t>.<body>" with the secret shown this once>.',
      parameters: [stationId],
      requestBody: jsonBody(newContactSchema),
      responses: { 201: jsonAnswer('Asked', addedSchema), ...problems(400, 401, 403, 404, 409, 413, 429, 503) },
    },
  },
  '/api/v1/stations/{id}/contacts/{contactId}': {
    patch: {
      ...ofContact,
      operationId: 'changeContact',
      summary: 'Mute a contact or change its language (owner or admin)',
      requestBody: jsonBody(contactPatchSchema),
      responses: { 200: jsonAnswer('Changed', contactSchema), ...problems(400, 401, 403, 404, 413, 503) },
    },
    delete: {
      ...ofContact,
      operationId: 'removeContact',
      summary: 'Remove a contact and what waits for it; a confirmed mail address is told (owner or admin)',
      responses: { 204: { description: 'Removed' }, ...problems(401, 403, 404, 503) },
    },
  },
  '/api/v1/stations/{id}/contacts/{contactId}/confirm': {
    post: {
      ...ofContact,
      operationId: 'confirmContact',
      summary: 'Confirm an ntfy topic by the code sent there (owner or admin)',
      requestBody: jsonBody(codeSchema, { code: '482913' }),
      responses: { 200: jsonAnswer('Confirmed', contactSchema), ...problems(400, 401, 403, 404, 409, 413, 503) },
    },
  },
  '/api/v1/stations/{id}/contacts/{contactId}/resend': {
    post: {
      ...ofContact,
      operationId: 'askContactAgain',
      summary: 'Send the question once more: mail, code or challenge (owner or admin)',
      responses: { 200: jsonAnswer('Asked', contactSchema), ...problems(400, 401, 403, 404, 409, 429, 503) },
    },
  },
};

/** A station's contacts, for its owner. */
export function createContactsRouter(deps: ContactsDeps): Router {
  const { contacts } = deps.notices;
  const router = Router();
  router.get('/stations/:id/contacts', (request, response) => {
    const refused = refuse(deps, request);
    const view = () => ({ isMailOn: deps.notices.isMailOn, contacts: contacts.of(request.params.id).map(contactView) });
    send(response, refused ?? view());
  });
  router.post('/stations/:id/contacts', async (request, response) => send(response, await add(deps, request), 201));
  router.patch('/stations/:id/contacts/:contactId', async (request, response) => {
    const contact = find(deps, request);
    const patch = isProblem(contact) ? contact : parseInput(contactPatchSchema, request.body ?? {});
    if (isProblem(contact) || isProblem(patch)) return send(response, isProblem(contact) ? contact : patch);
    const { isMuted, language } = patch;
    const change = { ...(isMuted !== undefined && { isMuted }), ...(language && { language }) };
    return send(response, viewOf(await contacts.change(contact.id, change)));
  });
  router.delete('/stations/:id/contacts/:contactId', async (request, response) => {
    const contact = find(deps, request);
    if (isProblem(contact)) return sendProblem(response, contact);
    await contacts.removeByLink(contact.id);
    deps.notices.sendSoon();
    return void response.status(204).end();
  });
  router.post('/stations/:id/contacts/:contactId/confirm', async (request, response) => {
    const contact = find(deps, request);
    const body = isProblem(contact) ? contact : parseInput(codeSchema, request.body ?? {});
    if (isProblem(contact) || isProblem(body)) return send(response, isProblem(contact) ? contact : body);
    return send(response, viewOf(await contacts.confirmCode(contact.id, body.code)));
  });
  router.post('/stations/:id/contacts/:contactId/resend', async (request, response) => {
    const contact = find(deps, request);
    if (isProblem(contact)) return send(response, contact);
    const asked = viewOf(await contacts.resend(contact));
    deps.notices.sendSoon();
    return send(response, asked);
  });
  return router;
}

async function add(deps: ContactsDeps, request: Request<{ id: string }>): Promise<object> {
  const refused = refuse(deps, request);
  if (refused) return refused;
  const body = parseInput(newContactSchema, request.body ?? {});
  if (isProblem(body)) return body;
  const { kind, address, language = deps.config.LANGUAGE } = body;
  const added = await deps.notices.contacts.add(request.params.id, { channel: kind, address, language });
  if (isContactRefusal(added)) return problemOf(added);
  deps.notices.sendSoon();
  const contact = contactView(added);
  return kind === 'webhook' ? { contact, secret: deps.notices.links.webhookSecret(added.id) } : { contact };
}

function refuse({ access, notices }: ContactsDeps, request: Request<{ id: string }>): Problem | undefined {
  const refused = access.refuseNonOwner(request, request.params.id);
  if (refused) return refused;
  return notices.hasStation(request.params.id) ? undefined : NOT_FOUND;
}

function find(deps: ContactsDeps, request: Request<{ id: string; contactId: string }>): Contact | Problem {
  const { id, contactId: wanted } = request.params;
  return refuse(deps, request) ?? deps.notices.contacts.one(id, wanted) ?? NOT_FOUND;
}

function send(response: Response, body: object, status = 200) {
  if (isProblem(body)) return sendProblem(response, body);
  return void response.status(status).set('Cache-Control', 'no-store').json(body);
}

function viewOf(contact: Contact | ContactRefusal): object {
  return isContactRefusal(contact) ? problemOf(contact) : contactView(contact);
}

/** This installation sends no mail. */
export const MAIL_OFF = problem(409, 'mail-off', 'This installation sends no mail: its operator has set no SMTP_URL.');

/** Somebody asks for more than people need. */
export const TOO_OFTEN = problem(429, 'too-often', 'Too many questions were sent already; try again later.', {
  headers: { 'Retry-After': '3600' },
});

function problemOf({ refused }: ContactRefusal): Problem {
  switch (refused) {
    case 'mail-off':
      return MAIL_OFF;
    case 'too-often':
      return TOO_OFTEN;
    case 'no-such-contact':
      return NOT_FOUND;
    case 'too-many':
      return problem(409, refused, 'A station has at most five contacts; remove one first.');
    case 'contact-exists':
      return problem(409, refused, 'This address is among the contacts already.');
    case 'confirmed-already':
      return problem(409, refused, 'This contact is confirmed already.');
    case 'address-refused':
      return problem(400, refused, 'Messages do not go to this address: it lies in no public network.');
    case 'wrong-code':
      return problem(400, refused, 'This is not the code that was sent.');
    case 'code-expired':
      return problem(409, refused, 'The code holds no longer; have another one sent.');
    case 'outbox-full':
      return problem(503, 'unavailable', 'Too many messages are waiting; try again later.');
  }
}
