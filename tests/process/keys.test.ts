import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import mqtt from 'mqtt';
import { isSameHash, keyHash, mosquittoHash, newKey, newStationId, normaliseKey } from '../../server/process/keys.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const bytes =
  (...values: number[]) =>
  () =>
    Uint8Array.from(values);

describe('a key', () => {
  it('is 26 characters of Crockford base32, one from each random byte', () => {
    const counting = bytes(...Array.from({ length: 26 }, (_, index) => index));
    expect(newKey(counting)).toBe('0123456789ABCDEFGHJKMNPQRS');
    expect(newKey(bytes(...Array(26).fill(255)))).toBe('Z'.repeat(26));
    expect(newKey(randomBytes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('does not repeat', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newKey(randomBytes))).size).toBe(1000);
  });

  it.each([
    ['0123456789ABCDEFGHJKMNPQRS', '0123456789ABCDEFGHJKMNPQRS'],
    ['o123456789abcdefghjkmnpqrs', '0123456789ABCDEFGHJKMNPQRS'],
    ['OI23456789-ABCDEFGH JKMNPQRS', '0123456789ABCDEFGHJKMNPQRS'],
    ['0l23456789ABCDEFGHJKMNPQRS', '0123456789ABCDEFGHJKMNPQRS'],
    ['U123456789ABCDEFGHJKMNPQRS', undefined],
    ['0123456789ABCDEFGHJKMNPQR', undefined],
    ['0123456789ABCDEFGHJKMNPQRST', undefined],
    ['', undefined],
    ['-'.repeat(1_000_000), undefined],
  ])('typed as %.40s is read as %s', (typed, key) => {
    expect(normaliseKey(typed)).toBe(key);
  });

  it('is looked up by its SHA-256', () => {
    // FIPS 180-4 test vector for "abc".
    expect(keyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(isSameHash(keyHash('a'), keyHash('a'))).toBe(true);
    expect(isSameHash(keyHash('a'), keyHash('b'))).toBe(false);
    expect(isSameHash(keyHash('a'), '')).toBe(false);
  });
});

describe('a station id', () => {
  it('is 10 characters of a-z and 0-9, and uniform', () => {
    expect(newStationId(bytes(...Array(16).fill(0)))).toBe('aaaaaaaaaa');
    expect(newStationId(bytes(252, 255, 35, ...Array(13).fill(36)))).toBe('9aaaaaaaaa');
    const counts = new Map<string, number>();
    for (let index = 0; index < 3600; index++) {
      for (const letter of newStationId(randomBytes)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(counts.size).toBe(36);
    // 1,000 each on average; 200 is more than 6 standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });
});

describe('the hash for Mosquitto', () => {
  it('has the format of its password file', async () => {
    expect(await mosquittoHash('key', bytes(...Array(12).fill(7)))).toMatch(
      /^\$7\$101\$BwcHBwcHBwcHBwcH\$[A-Za-z0-9+/]{86}==$/,
    );
  });

  it('is accepted by a real Mosquitto, for this token only', async () => {
    const token = newKey(randomBytes);
    const passwords = join(temporaryFolder(), 'passwords');
    writeFileSync(passwords, `esp8266-1234:${await mosquittoHash(token, randomBytes)}\n`);
    const { url } = await startMosquitto(['allow_anonymous false', `password_file ${passwords}`]);
    const signIn = async (password: string) => {
      const options = { username: 'esp8266-1234', password, reconnectPeriod: 0 };
      const client = mqtt.connect(url, options);
      closeAfterTest(() => client.end(true));
      return new Promise((resolve) => {
        client.on('connect', () => resolve('connected'));
        client.on('error', (error) => resolve(error.message));
      });
    };
    expect(await signIn(token)).toBe('connected');
    expect(await signIn(newKey(randomBytes))).toMatch(/not authori[sz]ed/i);
  });
});
