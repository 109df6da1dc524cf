/** What an SDS011 and the airRohr firmware do before a value reaches us: models of the device side, for tests. */

/** A frame of the SDS011: `AA C0`, PM2.5 and PM10 as little-endian tenths of µg/m³, id, checksum, `AB` (datasheet V1.3). */
export function readFrame(bytes: Uint8Array): { pm25: number; pm10: number; isChecksumOk: boolean } {
  const sum = bytes.subarray(2, 8).reduce((total, byte) => total + byte, 0) % 256;
  const tenths = (at: number) => (bytes[at]! + 256 * bytes[at + 1]!) / 10;
  return { pm25: tenths(2), pm10: tenths(4), isChecksumOk: sum === bytes[8] };
}

/** Mean of the 1 Hz samples of a reading: the lowest and the highest are dropped when there are more than two (airRohr firmware). */
export function firmwareMean(samples: readonly number[]): number {
  const kept = samples.length > 2 ? [...samples].sort((one, other) => one - other).slice(1, -1) : samples;
  return kept.reduce((sum, sample) => sum + sample, 0) / kept.length;
}
