/** What a message holds as JSON; undefined for what is none: anything may come in over a broker. */
export function readJson(payload: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof payload === 'string' ? payload : Buffer.from(payload).toString());
  } catch {
    // Expected, see above.
    return undefined;
  }
}
