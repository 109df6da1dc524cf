import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { isSameHash, keyHash, normaliseKey } from '../../process/keys.ts';
import type { StationStore } from '../../store/registry/stationStore.ts';
import { type Problem, problem } from './problem.ts';

/** Who is asking, by the key in `Authorization`. `stranger`: a key was sent, and it is nobody's. */
export type Caller = { is: 'admin' } | { is: 'owner'; stationId: string } | { is: 'anonymous' } | { is: 'stranger' };

/** Marks requests that came in over the control socket. A symbol: no header can forge it. */
const LOCAL_ADMIN = Symbol('request from the control socket');

/** Gives a request admin rights, because it came through a socket only the operator can open. */
export function markLocalAdmin(request: IncomingMessage): void {
  Object.assign(request, { [LOCAL_ADMIN]: true });
}

/** True for a request that came in over the control socket: from this machine, by the operator. */
export function isLocalAdmin(request: IncomingMessage): boolean {
  return LOCAL_ADMIN in request;
}

/** Tells callers apart. */
export class Access {
  readonly #adminTokenHash: string;
  readonly #stationStore: Pick<StationStore, 'stationOfOwnerKey'>;

  constructor(adminToken: string, stationStore: Pick<StationStore, 'stationOfOwnerKey'>) {
    this.#adminTokenHash = keyHash(adminToken);
    this.#stationStore = stationStore;
  }

  /** Whose key the request carries. */
  callerOf(request: Request): Caller {
    if (isLocalAdmin(request)) return { is: 'admin' };
    const header = request.get('authorization');
    if (header === undefined) return { is: 'anonymous' };
    return this.#callerOfKey(/^Bearer +(\S{1,64})$/i.exec(header)?.[1] ?? '');
  }

  /** Undefined when the caller is an admin, otherwise what to answer. */
  refuseNonAdmin(request: Request): Problem | undefined {
    const caller = this.callerOf(request);
    if (caller.is === 'admin') return undefined;
    return caller.is === 'owner' ? ADMIN_ONLY : UNAUTHENTICATED;
  }

  /** Undefined when the caller may act on the station, otherwise what to answer. */
  refuseNonOwner(request: Request, stationId: string): Problem | undefined {
    const caller = this.callerOf(request);
    if (caller.is === 'admin' || (caller.is === 'owner' && caller.stationId === stationId)) return undefined;
    return caller.is === 'owner' ? OTHER_STATION : UNAUTHENTICATED;
  }

  #callerOfKey(typed: string): Caller {
    const key = normaliseKey(typed);
    if (key === undefined) return { is: 'stranger' };
    if (isSameHash(keyHash(key), this.#adminTokenHash)) return { is: 'admin' };
    const stationId = this.#stationStore.stationOfOwnerKey(key);
    return stationId === undefined ? { is: 'stranger' } : { is: 'owner', stationId };
  }
}

/** 401 for no or an unknown key. */
export const UNAUTHENTICATED = problem(401, 'unauthenticated', 'A valid key is needed in Authorization: Bearer.', {
  headers: { 'WWW-Authenticate': 'Bearer' },
});

const ADMIN_ONLY = problem(403, 'forbidden', 'Only the admin key opens this.');
const OTHER_STATION = problem(403, 'forbidden', 'This key belongs to another station.');
