import { isRejection } from '../server/domain/reading.ts';
import { decodeAirrohr } from '../server/ingest/decoders/airrohr.ts';
import { validate } from '../server/ingest/validate.ts';
import { Aggregator } from '../server/live/aggregator.ts';
import { LiveAssessment } from '../server/live/liveAssessment.ts';
import { pushBody } from './support/pushBody.ts';

const STATIONS = 500;
const MESSAGES = 200;
const CADENCE_MS = 145_000;

/** Processor time of the stages without a disk; an airRohr message holds two readings. Microseconds. */
export interface AssessmentFigure {
  readings: number;
  assessUsPerReading: number;
  decodeToAggregateUsPerReading: number;
  decodeToAggregateUsPerMessage: number;
}

/** Decode, validate, fold and assess `STATIONS` stations' messages, each what a real device sends. */
export function benchAssessment(): AssessmentFigure {
  run();
  return run();
}

function run(): AssessmentFigure {
  let now = Date.UTC(2026, 0, 1);
  const ids = Array.from({ length: STATIONS }, (_, at) => `station${String(at).padStart(3, '0')}`);
  const aggregator = new Aggregator({ clock: () => now, sensorModels: () => ['sds011', 'bme280'] });
  const assessment = new LiveAssessment();
  let [readings, assessMs, wholeMs] = [0, 0, 0];
  for (let round = 0; round < MESSAGES; round++, now += CADENCE_MS) {
    const bodies = ids.map((id, at) => Buffer.from(pushBody(id, round * STATIONS + at)));
    const begun = cpuMs();
    const folded = bodies.map((body, at) => {
      const decoded = decodeAirrohr(body, { format: 'airrohr', deviceId: `esp8266-${at}` } as never);
      if (isRejection(decoded)) throw new Error(decoded.detail);
      const valid = validate(decoded, {
        stationId: ids[at]!,
        measuredAt: now + at,
        sensorModels: [],
        isClaimed: false,
      });
      if (isRejection(valid)) throw new Error(valid.detail);
      aggregator.fold(valid.readings, decoded.health);
      return valid.readings;
    });
    const assessing = cpuMs();
    for (const one of folded) {
      assessment.assess(one, CADENCE_MS);
      readings += one.length;
    }
    const ended = cpuMs();
    assessMs += ended - assessing;
    wholeMs += ended - begun;
  }
  return {
    readings,
    assessUsPerReading: (1000 * assessMs) / readings,
    decodeToAggregateUsPerReading: (1000 * wholeMs) / readings,
    decodeToAggregateUsPerMessage: (1000 * wholeMs) / (MESSAGES * STATIONS),
  };
}

/** Processor time of this process, collecting garbage among it: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
