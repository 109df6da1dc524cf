import type { Refusal } from '../../i18n/host/fieldWords.ts';

/** Why a request of a host failed: the problem's word, or what the browser knows. */
const OWN_PROBLEMS = [
  'device-taken',
  'registration-closed',
  'too-often',
  'contact-exists',
  'too-many',
  'too-many-annotations',
  'address-refused',
  'wrong-code',
  'code-expired',
  'confirmed-already',
  'mail-off',
] as const;
/** What can go wrong with a request of one's own. */
export type ApiProblem = (typeof OWN_PROBLEMS)[number] | 'invalid' | 'no-access' | 'gone' | 'server' | 'offline';

/** An answer that was no success. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly problem: ApiProblem;
  readonly refusal: Refusal;

  constructor(problem: ApiProblem, { detail = '', errors = [] }: Partial<Refusal> = {}) {
    super(`${problem}: ${detail}`);
    this.problem = problem;
    this.refusal = { detail, errors };
  }
}

/** A request to our own API, with the owner's key where there is one. Throws `ApiError`. */
export async function callApi(
  method: string,
  path: string,
  { body, ownerKey }: { body?: unknown; ownerKey?: string } = {},
): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (ownerKey !== undefined) headers.Authorization = `Bearer ${ownerKey}`;
  // An owner looks at what just changed: a public answer of ten seconds ago would hide it.
  const request = {
    method,
    headers,
    cache: 'no-store' as const,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  const response = await fetch(path, request).catch(rejectOffline);
  if (response.status === 204) return undefined;
  // An answer that breaks off on its way is none.
  if (response.ok) return response.json().catch(rejectOffline);
  const answer = (await response.json().catch(() => ({}))) as Partial<Refusal> & { code?: string };
  throw new ApiError(problemOf(response.status, answer.code), answer);
}

function rejectOffline(cause: unknown): never {
  throw new ApiError('offline', { detail: String(cause) });
}

function problemOf(status: number, code: string | undefined): ApiProblem {
  if (isOwnProblem(code)) return code;
  if (status === 400 || status === 409 || status === 413) return 'invalid';
  if (status === 401 || status === 403) return 'no-access';
  return status === 404 ? 'gone' : 'server';
}

function isOwnProblem(code: string | undefined): code is (typeof OWN_PROBLEMS)[number] {
  return OWN_PROBLEMS.some((known) => known === code);
}
