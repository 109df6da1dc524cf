import { describe, expect, it } from '@jest/globals';
import { airrohrBody, demoDeviceId } from '../../server/demo/airrohrBody.ts';
import { DEMO_STATIONS, RECORDED_DAYS } from '../../server/demo/demoStations.ts';
import { loadRecording, parseRecording } from '../../server/demo/recording.ts';
import { DEVICE_ID } from '../../server/domain/station.ts';

describe('the bundled recording', () => {
  it('holds every station, in time order, within its ten days', async () => {
    const messages = await loadRecording();
    expect(messages).toHaveLength(40_214);
    expect(new Set(messages.map(({ station }) => station)).size).toBe(DEMO_STATIONS.length);
    const offsets = messages.map(({ offset }) => offset);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(offsets[0]).toBeGreaterThanOrEqual(0);
    expect(offsets.at(-1)).toBeLessThan(RECORDED_DAYS * 86_400_000);
  });

  it('keeps full-scale values and the humid nights', async () => {
    const messages = await loadRecording();
    const values = messages.flatMap((message) => message.values);
    expect(values.filter(([type, value]) => type === 'SDS_P2' && value === '999.90')).toHaveLength(1);
    expect(values.filter(([type, value]) => type === 'humidity' && value === '99.90').length).toBeGreaterThan(1000);
  });

  it('leaves out what an instrument does not have', () => {
    const text = 'sensor;time;pm10;pm25;temperature;humidity\n7675;2018-10-29T00:00:05;10.5;3.47;;\n';
    expect(parseRecording(text, DEMO_STATIONS)).toEqual([
      {
        station: 0,
        offset: 5_000,
        values: [
          ['SDS_P1', '10.50'],
          ['SDS_P2', '3.47'],
        ],
      },
    ]);
  });

  it.each(['9;2018-10-29T00:00:05;1;1;;', '7675;yesterday;1;1;;'])('refuses the line %s', (line) => {
    expect(() => parseRecording(`header\n${line}`, DEMO_STATIONS)).toThrow(/Recording/);
  });
});

describe('a body', () => {
  it('has the form the firmware gives it', () => {
    expect(
      airrohrBody(
        '7675',
        [
          ['SDS_P1', '10.50'],
          ['SDS_P2', '3.47'],
        ],
        { samples: 12 },
      ),
    ).toBe(
      '{"esp8266id": "sensor7675", "software_version": "Demo", "sensordatavalues":' +
        '[{"value_type":"SDS_P1","value":"10.50"},{"value_type":"SDS_P2","value":"3.47"},' +
        '{"value_type":"samples","value":"12"}]}',
    );
  });

  it('comes from a device whose id may exist', () => {
    for (const { sensor } of DEMO_STATIONS) expect(demoDeviceId(sensor)).toMatch(DEVICE_ID);
  });
});
