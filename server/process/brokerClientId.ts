import { createHmac } from 'node:crypto';

/** 96 bits, in base64url. */
const SECRET_LENGTH = 16;

/**
 * The client id of a connection of ours at a broker outside: the same at every start, so that the broker keeps our session. Mosquitto lets
 * anybody who can sign in take over any session whose client id they know, with all that waits in it; so part of it follows from the
 * password, which devices do not have.
 */
export function brokerClientId(name: string, password: string | undefined): string {
  if (password === undefined) return name;
  return `${name}-${createHmac('sha256', password).update(name).digest('base64url').slice(0, SECRET_LENGTH)}`;
}
