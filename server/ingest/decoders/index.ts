import type { MessageFormat } from '../../domain/reading.ts';
import { decodeAirgradient } from './airgradient.ts';
import { decodeAirrohr } from './airrohr.ts';
import type { Decode } from './decoder.ts';
import { decodeEsphome } from './esphome.ts';
import { decodeTasmota } from './tasmota.ts';
import { decodeZigbee2mqtt } from './zigbee2mqtt.ts';

/** The decoder of each format. */
export const decoders: Readonly<Record<MessageFormat, Decode>> = {
  airrohr: decodeAirrohr,
  tasmota: decodeTasmota,
  esphome: decodeEsphome,
  airgradient: decodeAirgradient,
  zigbee2mqtt: decodeZigbee2mqtt,
};
