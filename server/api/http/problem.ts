import type { ErrorRequestHandler, Response } from 'express';
import { z } from 'zod';
import { type FieldRefusal, fieldRefusal, fieldWords } from '../../domain/fieldWords.ts';
import type { Logger } from '../../log.ts';
import { StoreUnavailableError } from '../../store/readingStore.ts';

/** A field of the request that was refused, and why. */
export interface FieldProblem extends FieldRefusal {
  /** Its name in the request, of an inner one with dots: `position.lat`. */
  field: string;
}

/** An RFC 9457 problem on its way out. */
export interface Problem {
  kind: 'problem';
  status: number;
  /** Stable word for programs, e.g. `device-taken`; also the last part of `type`. */
  code: string;
  detail: string;
  errors?: FieldProblem[];
  headers?: Record<string, string>;
}

const fieldProblemSchema = z.object({
  field: z.string(),
  message: z.string().describe('English words that go on from the name of the field.'),
  code: z.string().optional().describe('Stable word for what message says, where there is one.'),
  bound: z.string().optional().describe('The number, the choices or the fields that message names.'),
});

/** The body of a problem, as the OpenAPI document describes it. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(fieldProblemSchema).optional(),
});

/** Makes a problem. `detail` is one English sentence for the person who sent the request. */
export function problem(
  status: number,
  code: string,
  detail: string,
  more: Pick<Problem, 'errors' | 'headers'> = {},
): Problem {
  return { kind: 'problem', status, code, detail, ...more };
}

/** True for a problem among results. */
export function isProblem(result: unknown): result is Problem {
  return typeof result === 'object' && result !== null && (result as Problem).kind === 'problem';
}

/** Ends the response with a problem. */
export function sendProblem(response: Response, { status, code, detail, errors, headers }: Problem): void {
  const type = `urn:buergerluft:problem:${code}`;
  const body = { type, title: code.replaceAll('-', ' '), status, code, detail, ...(errors && { errors }) };
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', ...headers })
    .type('application/problem+json')
    .send(JSON.stringify(body));
}

/** What a request carried, checked and typed, or a 400 that names each field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> | Problem {
  const parsed = schema.safeParse(input, { error: fieldWords, reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    field: issue.path.join('.'),
    ...fieldRefusal(issue, issue.message),
  }));
  return problem(400, 'invalid-request', 'Some fields are missing or wrong; errors lists them.', { errors });
}

/** Nothing is at this address. */
export const NOT_FOUND = problem(404, 'not-found', 'There is nothing at this address.');

/** Figures would rest on means that are missing or out of date: whoever keeps or quotes them waits. */
export const MEANS_BEHIND = problem(
  503,
  'means-behind',
  'Means of these stations are being made anew; try again in a minute.',
  { headers: { 'Retry-After': '10' } },
);

/** What body-parser and Express call the errors a client can cause, and what we answer. */
const CLIENT_ERRORS: Readonly<Record<string, Problem>> = {
  'entity.parse.failed': problem(400, 'malformed-json', 'The body must be a JSON object in braces.'),
  'entity.too.large': problem(413, 'too-large', 'The body is larger than 16 KiB.'),
  'encoding.unsupported': problem(415, 'unsupported-encoding', 'The body has an encoding we do not read.'),
  'charset.unsupported': problem(415, 'unsupported-charset', 'The body has a character set we do not read.'),
  'request.aborted': problem(400, 'aborted', 'The body ended early.'),
  'request.size.invalid': problem(400, 'wrong-length', 'Content-Length and body do not agree.'),
};

/** Turns whatever a route threw into a problem; logs what is our fault, once, under the route's name. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const clientError = clientProblem(error);
    if (clientError !== undefined) return sendProblem(response, clientError);
    const route = `${request.method} ${request.baseUrl}${request.route?.path ?? ''}`;
    log.error({ err: error, route }, 'request failed');
    if (!(error instanceof StoreUnavailableError)) {
      return sendProblem(response, problem(500, 'internal', 'The server made a mistake; the operator can see it.'));
    }
    const headers = { 'Retry-After': '10' };
    return sendProblem(
      response,
      problem(503, 'unavailable', 'The store does not answer; try again later.', { headers }),
    );
  };
}

function clientProblem(error: unknown): Problem | undefined {
  if (error instanceof URIError) return problem(400, 'malformed-url', 'The address has a broken % sequence.');
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as Error & { type?: unknown; status?: unknown };
  const known = typeof type === 'string' ? CLIENT_ERRORS[type] : undefined;
  if (known !== undefined) return known;
  const isClientFault = typeof status === 'number' && status >= 400 && status < 500;
  return isClientFault ? problem(status, 'bad-request', 'The request cannot be read.') : undefined;
}
