/** What a request says about who sends it. Never logged. */
export interface Credentials {
  /** As the device names itself; absent when only a token came. */
  deviceId?: string;
  token: string;
}

/**
 * Reads credentials from wherever a firmware can put them, in this order: the path (`/push/<token>`), `Authorization`
 * (Basic `deviceId:token`, or `Token <token>` as InfluxDB 2 clients send), the query (`?token=`). Firmware of 2017 sends
 * an empty `Authorization: Basic`: that counts as none. Undefined when there are none.
 */
export function readCredentials(request: {
  authorization?: string | undefined;
  pathToken?: string | undefined;
  queryToken?: string | undefined;
}): Credentials | undefined {
  if (request.pathToken) return { token: request.pathToken };
  const fromHeader = request.authorization === undefined ? undefined : readAuthorization(request.authorization);
  if (fromHeader !== undefined) return fromHeader;
  return request.queryToken ? { token: request.queryToken } : undefined;
}

function readAuthorization(header: string): Credentials | undefined {
  const space = header.indexOf(' ');
  if (space < 0) return undefined;
  const scheme = header.slice(0, space).toLowerCase();
  const rest = header.slice(space + 1).trim();
  if (rest === '') return undefined;
  if (scheme === 'token' || scheme === 'bearer') return tokenOf(rest);
  return scheme === 'basic' ? readBasic(rest) : undefined;
}

/** InfluxDB 1.8 clients send `Token user:password`. */
function tokenOf(text: string): Credentials {
  const colon = text.indexOf(':');
  return colon < 0 ? { token: text } : { deviceId: text.slice(0, colon), token: text.slice(colon + 1) };
}

function readBasic(encoded: string): Credentials | undefined {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const token = text.slice(colon + 1);
  if (token === '') return undefined;
  const deviceId = text.slice(0, colon);
  return deviceId === '' ? { token } : { deviceId, token };
}
