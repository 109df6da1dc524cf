import type { Request } from 'express';
import { isLocalAdmin } from './access.ts';

/** Where people reach this instance: as the operator says, else as this request came. */
export function baseUrl(request: Request, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
}

/** The same; undefined where nobody said it and the request came from the operator's own machine, by no address at all. */
export function knownBaseUrl(request: Request, publicUrl: string | undefined): string | undefined {
  return publicUrl === undefined && isLocalAdmin(request) ? undefined : baseUrl(request, publicUrl);
}
