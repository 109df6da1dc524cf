import { describe, expect, it } from '@jest/globals';
import { airrohrBody, refusalOf, refusedOf, understood } from './decoding.ts';

describe('an airRohr payload that is no message', () => {
  const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
  it.each([
    ['nothing', '', 'unreadable'],
    ['half a body', '{"sensordatavalues":[{"value_type":"SDS_P1","val', 'unreadable'],
    ['a body without a list', '{}', 'unreadable'],
    ['a list that is an object', '{"sensordatavalues":{}}', 'unreadable'],
    ['an array', '[{"sensordatavalues":[]}]', 'unreadable'],
    ['a trailing comma', '{"sensordatavalues":[{"value_type":"SDS_P1","value":"1"},]}', 'unreadable'],
    ['something after the body', '{"sensordatavalues":[{"value_type":"SDS_P1","value":"1"}]}{}', 'unreadable'],
    ['a control character in a text', '{"sensordatavalues":[{"value_type":"SDS_P1","value":"1\n"}]}', 'unreadable'],
    ['a text that never ends', '{"sensordatavalues":[{"value_type":"SDS_P1","value":"1', 'unreadable'],
    ['a broken head', '{"a":,"sensordatavalues":[{"value_type":"SDS_P1","value":"1"}]}', 'unreadable'],
    ['a forged rejection', '{"kind":"rejection","reason":"x","detail":"y"}', 'unreadable'],
    ['nine nested arrays', deep('[', ']', 9), 'too-deep'],
    ['a body nested beside its list', `{"a":${deep('[', ']', 8)},"sensordatavalues":[]}`, 'too-deep'],
    ['16 KiB of brackets', deep('[', ']', 8192), 'too-deep'],
    ['more than 16 KiB', ' '.repeat(16 * 1024 + 1), 'too-large'],
    ['more than 16 KiB of JSON', `{"a":"${'x'.repeat(16 * 1024)}"}`, 'too-large'],
    [
      'more than 16 KiB just as the firmware prints it',
      `{"software_version":"NRZ-2024-135","sensordatavalues":[{"value_type":"SDS_P1","value":"${'1'.repeat(16 * 1024)}"}]}`,
      'too-large',
    ],
    ['101 values', airrohrBody(Array.from({ length: 101 }, (_, n) => [`n${n}`, '1'] as const)), 'too-large'],
  ])('%s is refused', (_, payload, reason) => {
    expect(refusalOf('airrohr', payload)).toBe(reason);
  });

  it.each([
    ['invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)],
    ['half a character', Uint8Array.of(0x7b, 0x22, 0xc3)],
    ['binary', Uint8Array.of(0, 1, 2, 250, 251)],
  ])('%s is refused', (_, payload) => {
    expect(refusalOf('airrohr', payload)).toBe('unreadable');
  });

  it('of 100 values, or of 16 KiB, is still read', () => {
    const hundred = airrohrBody(Array.from({ length: 100 }, (_, n) => [`n${n}`, '1'] as const));
    expect(refusalOf('airrohr', hundred)).toBe('taken');
    expect(refusalOf('airrohr', hundred.padEnd(16 * 1024))).toBe('taken');
    const hundredRefused = airrohrBody(Array.from({ length: 100 }, () => ['GPS_lat', '-200'] as const));
    expect(refusedOf(understood('airrohr', hundredRefused))).toHaveLength(100);
    const hundredNaN = airrohrBody(Array.from({ length: 100 }, () => ['SDS_P1', 'nan'] as const));
    expect(refusedOf(understood('airrohr', hundredNaN))).toHaveLength(100);
  });

  it('nested eight deep is still read', () => {
    expect(refusalOf('airrohr', `{"a":${deep('[', ']', 7)},"sensordatavalues":[]}`)).toBe('taken');
  });

  it('brackets in a text are not nesting', () => {
    expect(refusalOf('airrohr', `{"a":"\\"${'['.repeat(50)}","sensordatavalues":[]}`)).toBe('taken');
  });

  it('bytes that are a window of a larger buffer are read alone', () => {
    const body = Buffer.from(`garbage${airrohrBody([['SDS_P1', '1']])}garbage`);
    const view = new Uint8Array(body.buffer, body.byteOffset + 7, body.byteLength - 14);
    expect(refusalOf('airrohr', view)).toBe('taken');
  });

  it('only 64 unknown fields are kept', () => {
    const message = understood('airrohr', airrohrBody(Array.from({ length: 70 }, (_, n) => [`n${n}`, '1'] as const)));
    expect(Object.keys(message.sensors[0]?.extra ?? {})).toHaveLength(64);
    expect(refusedOf(message)).toEqual([64, 65, 66, 67, 68, 69].map((n) => `n${n} too-large`));
  });

  it('a name of 40 characters is kept', () => {
    const name = 'x'.repeat(40);
    expect(understood('airrohr', airrohrBody([[name, '1']])).sensors[0]?.extra).toStrictEqual({ [name]: 1 });
  });
});
