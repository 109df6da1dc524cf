import type { Accept } from '../server/ingest/arrival.ts';
import type { StationStore } from '../server/store/registry/stationStore.ts';
import { type Bridge, type BridgeParts, createBridge } from './bridge.ts';
import type { Destination } from './delivery.ts';
import { takenOf } from './push.ts';

/** What the bridge inside the server is made from. */
export interface EmbeddedBridgeParts extends Omit<BridgeParts, 'destination' | 'authenticate'> {
  /** The pipeline. */
  accept: Accept;
  stationStore: Pick<StationStore, 'authenticateDevice' | 'deviceByToken'>;
}

/**
 * The HTTP doors of stock firmware straight into the pipeline: 2xx after the commit, or after the push is in the spool
 * when that takes too long. `open` takes the promise that repeats of what is stored are known: the spool may hold some.
 */
export function createEmbeddedBridge(parts: EmbeddedBridgeParts): Bridge {
  const { accept, stationStore } = parts;
  return createBridge({
    ...parts,
    destination: intoPipeline(accept),
    authenticate: ({ deviceId, token }) =>
      deviceId === undefined ? stationStore.deviceByToken(token) : stationStore.authenticateDevice(deviceId, token),
  });
}

function intoPipeline(accept: Accept): Destination {
  return {
    isThere: () => true,
    deliver: ({ deviceId, body, receivedAt }, isSpooled) =>
      new Promise((resolve) => {
        const topic = { format: 'airrohr', deviceId } as const;
        const arrival = { topic, payload: body, deviceId, receivedAt, isStampedByBridge: false, isSpooled };
        accept(arrival, (error, outcome) => {
          if (error !== undefined) resolve('away');
          else resolve(takenOf(outcome));
        });
      }),
  };
}
