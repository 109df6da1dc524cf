import { type FindingOf, refusalToMend } from '../../../server/domain/device/deviceHealth.ts';
import type { HostTexts } from './hostTexts.ts';

/** Refusals of who sends: their words in `failure` are those of somebody who is just joining. */
const OF_WHO_SENDS: readonly string[] = [
  'wrong-token',
  'unknown-device',
  'wrong-identity',
  'unbound-device',
  'station-deleted',
];

/** What helps against the newest refusal that still needs mending; undefined when it is about who sends. */
export function refusalCure(finding: FindingOf<'rejections'>, failure: HostTexts['failure']): string | undefined {
  const reason = refusalToMend(finding);
  return reason === undefined || OF_WHO_SENDS.includes(reason) ? undefined : failure[reason].cure;
}
