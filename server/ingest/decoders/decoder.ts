import type { DeviceMessage, Rejection } from '../../domain/reading.ts';
import type { DeviceTopic } from '../../domain/topics.ts';

/**
 * Turns one message's bytes into typed values in our units, or says why not. Pure. Chosen by `topic.format` from the
 * registry in `decoders/index.ts`. Firmware names end here.
 */
export type Decode = (payload: Uint8Array, topic: DeviceTopic) => DeviceMessage | Rejection;

/** Largest body any door takes. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;
