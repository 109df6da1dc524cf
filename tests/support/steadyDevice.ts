import { airrohrBody } from './airrohrBody.ts';
import type { OwnStation, Program } from './program.ts';

/** Firmware's default: 145 s between pushes, and about 4 s more in truth. */
const CADENCE_MS = 150_000;

/** A clock that a test moves. */
export interface TestClock {
  now: number;
}

/** What a device says in one push: fields of the airRohr body by their names there. */
export type PushFields = Readonly<Record<string, string>>;

/**
 * Pushes over HTTP as the stock firmware does, one every `CADENCE_MS` while the clock runs from `clock.now` to `to`.
 * `fields` gives each push's values. Throws unless every push is taken.
 */
export async function pushUntil(
  { program, station, clock }: { program: Program; station: OwnStation; clock: TestClock },
  to: number,
  fields: (at: number) => PushFields,
): Promise<void> {
  for (; clock.now < to; clock.now += CADENCE_MS) {
    const status = await pushOnce(program, station, fields(clock.now));
    if (status !== 204) throw new Error(`a push was answered ${status}`);
  }
}

/** The firmware counts loop passes: no two bodies are alike. */
let samples = 5_000_000;

/** One push; resolves to the status of the answer. */
export async function pushOnce(program: Program, station: OwnStation, fields: PushFields): Promise<number> {
  samples += 1;
  const sensordatavalues = Object.entries({
    samples: String(samples),
    min_micro: '28',
    max_micro: '20148',
    ...fields,
  }).map(([value_type, value]) => ({ value_type, value }));
  const answer = await fetch(`${program.url}/data.php`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${station.deviceId}:${station.token}`).toString('base64')}` },
    body: airrohrBody(station.deviceId, { sensordatavalues }),
  });
  return answer.status;
}
