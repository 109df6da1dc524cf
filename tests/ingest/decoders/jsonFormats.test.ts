import { describe, expect, it } from '@jest/globals';
import { refusalOf, refusedOf, understood } from './decoding.ts';

describe('an AirGradient message', () => {
  it('keeps the channels of a double instrument as extras beside their mean', () => {
    const text = JSON.stringify({ pm02: 7.5, pm02Compensated: 6, channels: { 1: { pm02: 7 }, 2: { pm02: 8 } } });
    expect(understood('airgradient', text).sensors).toEqual([
      {
        sensor: 'airgradient',
        values: { pm25: 7.5 },
        extra: { pm02compensated: 6, channels_1_pm02: 7, channels_2_pm02: 8 },
      },
    ]);
  });

  it('says who it is only when it does so as text', () => {
    expect('claimedDeviceId' in understood('airgradient', '{"serialno":7}')).toBe(false);
    expect(understood('airgradient', '{"serialno":"84fce602549c"}').claimedDeviceId).toBe('airgradient-84fce602549c');
  });

  it('refuses a value that is no number', () => {
    expect(refusedOf(understood('airgradient', '{"pm02":null,"pm10":"8","wifi":"x"}'))).toEqual([
      'pm02 not-a-number',
      'wifi not-a-number',
    ]);
  });
});

describe('a Zigbee2MQTT message', () => {
  it('keeps the appliances of a gateway apart without giving away their names', () => {
    const sensors = ['Balkon Müller', 'Hof'].map(
      (name) => understood('zigbee2mqtt', '{"pm25":8}', name).sensors[0]?.sensor,
    );
    expect(sensors[0]).not.toBe(sensors[1]);
    for (const sensor of sensors) expect(sensor).toMatch(/^zigbee-[0-9a-z]{1,7}$/);
    expect(understood('zigbee2mqtt', '{"pm25":9}', 'Hof').sensors[0]?.sensor).toBe(sensors[1]);
  });

  it('keeps what is measured and drops the state of the appliance', () => {
    const state = ['linkquality', 'battery', 'voltage', 'fan_speed', 'filter_age', 'device_age', 'brightness'];
    const text = JSON.stringify({
      ...{ pm25: 8, pressure: 996, voc_index: 137, color_temp: 370, last_seen: 1_700_000_000, state: 'ON' },
      ...Object.fromEntries([...state.map((name) => [name, 80]), ['update', { a: 1 }]]),
    });
    const [sensor] = understood('zigbee2mqtt', text, 'x').sensors;
    expect({ values: sensor?.values, extra: sensor?.extra }).toStrictEqual({
      values: { pm25: 8, pressure: 996 },
      extra: { voc_index: 137 },
    });
  });

  it('refuses a value that is no number', () => {
    expect(refusedOf(understood('zigbee2mqtt', '{"pm25":null,"humidity":"wet"}'))).toEqual([
      'pm25 not-a-number',
      'humidity not-a-number',
    ]);
  });
});

describe.each(['tasmota', 'airgradient', 'zigbee2mqtt'] as const)('a payload on a topic of %s', (format) => {
  it.each([
    ['nothing', '', 'unreadable'],
    ['a number', '7', 'unreadable'],
    ['null', 'null', 'unreadable'],
    ['an array', '[]', 'unreadable'],
    ['half an object', '{"a":', 'unreadable'],
    ['a forged rejection', '{"kind":"rejection","reason":"x"}', 'taken'],
    ['deep nesting', `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`, 'too-deep'],
    ['more than 16 KiB', `{"a":"${'x'.repeat(16 * 1024)}"}`, 'too-large'],
    [
      'more than 100 numbers',
      JSON.stringify({ BME280: {}, ...Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`n${n}`, { v: 1 }])) }),
      format === 'zigbee2mqtt' ? 'taken' : 'too-large',
    ],
  ])('%s is judged', (_, payload, expected) => {
    expect(refusalOf(format, payload)).toBe(expected);
  });

  it('with names of the language itself changes nothing but itself', () => {
    const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":3}';
    expect(refusalOf(format, text)).toBe('taken');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(String({})).toBe('[object Object]');
  });

  it('that is not UTF-8 is refused', () => {
    expect(refusalOf(format, Uint8Array.of(0x7b, 0xff, 0x7d))).toBe('unreadable');
  });
});
