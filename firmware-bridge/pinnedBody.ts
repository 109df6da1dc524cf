/** X-PIN values that name a sensor (firmware `ext_def.h`): 1 to 17. Firmware of 2017 sends 0 where it means none. */
const PIN = /^(?:[1-9]|[1-9]\d)$/;
const CLOSING_BRACE = 125;
const OPENING_BRACE = 123;

/**
 * A per-sensor push names its sensor in the header `X-PIN` only; the topic's form carries it as a top-level `pin`. It
 * goes to the end: of two equal keys `JSON.parse` keeps the last, so no key of the body's own can contradict it.
 */
export function withPin(body: Buffer, pin: string | undefined): Buffer {
  if (pin === undefined || !PIN.test(pin)) return body;
  const end = lastVisible(body, body.length - 1);
  if (end < 0 || body[end] !== CLOSING_BRACE) return body;
  const isEmpty = body[lastVisible(body, end - 1)] === OPENING_BRACE;
  return Buffer.concat([body.subarray(0, end), Buffer.from(`${isEmpty ? '' : ','}"pin":${Number(pin)}}`)]);
}

/** Index of the last byte up to `from` that is no JSON white space; -1 when there is none. */
function lastVisible(body: Buffer, from: number): number {
  let at = from;
  while (at >= 0 && (body[at] === 32 || body[at] === 9 || body[at] === 10 || body[at] === 13)) at--;
  return at;
}
