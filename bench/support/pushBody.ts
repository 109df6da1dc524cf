/** A real airRohr body (NRZ-2024-135, SDS011 + BME280) with values that differ in every message. */
export function pushBody(chipId: string, sequence: number): string {
  const pm10 = (5 + (sequence % 977) / 20).toFixed(2);
  const pm25 = (2 + (sequence % 571) / 25).toFixed(2);
  const temperature = (9 + (sequence % 313) / 40).toFixed(2);
  const pressure = (99_000 + (sequence % 1999)).toFixed(2);
  const humidity = (40 + (sequence % 499) / 12).toFixed(2);
  return (
    `{"esp8266id": "${chipId}", "software_version": "NRZ-2024-135", "sensordatavalues":[` +
    `{"value_type":"SDS_P1","value":"${pm10}"},{"value_type":"SDS_P2","value":"${pm25}"},` +
    `{"value_type":"BME280_temperature","value":"${temperature}"},{"value_type":"BME280_pressure","value":"${pressure}"},` +
    `{"value_type":"BME280_humidity","value":"${humidity}"},{"value_type":"samples","value":"${5_000_000 + sequence}"},` +
    `{"value_type":"min_micro","value":"${25 + (sequence % 9)}"},{"value_type":"max_micro","value":"${20_000 + (sequence % 7919)}"},` +
    `{"value_type":"interval","value":"145000"},{"value_type":"signal","value":"-${50 + (sequence % 40)}"}]}`
  );
}
