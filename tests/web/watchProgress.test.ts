import { describe, expect, it } from '@jest/globals';
import type { OnboardingStep } from '../../server/domain/contract.ts';
import { REJECTION_REASONS } from '../../server/domain/reading.ts';
import { hostTextsOf } from '../../web/i18n/host/hostTexts.ts';
import { parseCoordinates } from '../../web/state/host/coordinates.ts';
import { deviceIdOf } from '../../web/state/host/deviceId.ts';
import { ownerUrl, parseOwnerLink } from '../../web/state/host/ownerLink.ts';
import { isSilent, otherSensor, progressOf, secondsLeft } from '../../web/state/host/watchProgress.ts';

const AT = '2026-11-26T10:00:00.000Z';
type Sketch = OnboardingStep['step'] | Partial<OnboardingStep>;

function stepsOf(...sketches: Sketch[]): OnboardingStep[] {
  return sketches.map((sketch) =>
    typeof sketch === 'string' ? { at: AT, step: sketch } : ({ at: AT, ...sketch } as OnboardingStep),
  );
}

/** `d` done, `w` waiting, `f` failed, phase by phase. */
function shape(...sketches: Sketch[]): string {
  const { phases, failure } = progressOf(stepsOf(...sketches));
  return phases.map(({ state }) => state[0]).join('') + (failure ? ` ${failure}` : '');
}

const UNDERSTOOD: Sketch = { step: 'understood', sensors: ['sds011'] };
const PLAUSIBLE: Sketch = { step: 'plausible', values: { pm25: 7.9 } };

describe('the way of a first value', () => {
  it.each<[string, Sketch[]]>([
    ['wwwww', []],
    ['dwwww', ['connected']],
    ['ddwww', ['connected', 'token-ok']],
    ['ddddd', ['connected', 'token-ok', UNDERSTOOD, PLAUSIBLE, 'on-map']],
    ['ddddw', ['connected', 'token-ok', UNDERSTOOD, PLAUSIBLE]],
    ['dfwww wrong-token', ['connected', 'token-wrong']],
    ['ddfww no-values', ['connected', 'token-ok', { step: 'failed', reason: 'no-values' }]],
    // Signed in with the right token: what is wrong is what it sends, or where.
    ['ddfww foreign-topic', ['connected', 'token-ok', { step: 'failed', reason: 'foreign-topic' }]],
    ['ddfww wrong-path', ['connected', 'token-ok', { step: 'failed', reason: 'wrong-path' }]],
    ['ddfww wrong-identity', ['connected', 'token-ok', { step: 'failed', reason: 'wrong-identity' }]],
    ['dddfw implausible', ['connected', 'token-ok', UNDERSTOOD]],
  ])('%s', (expected, steps) => {
    expect(shape(...steps)).toBe(expected);
  });

  it('a new attempt forgets the failed one', () => {
    expect(shape('connected', 'token-wrong', 'connected', 'token-ok')).toBe('ddwww');
  });

  it('a success stays, whatever is sent afterwards', () => {
    const success: Sketch[] = ['connected', 'token-ok', UNDERSTOOD, PLAUSIBLE, 'on-map'];
    expect(shape(...success, 'connected', 'token-wrong')).toBe('ddddd');
    expect(shape(...success, { step: 'failed', reason: 'conflict' })).toBe('ddddd');
  });

  it('a message of a device that had signed in before completes what came before it', () => {
    expect(shape(UNDERSTOOD, PLAUSIBLE)).toBe('ddddw');
  });

  it('counts down by what the way is known to take, and says when waiting on makes no sense', () => {
    expect(secondsLeft('airrohr-api', 0, 5_000)).toBe(150);
    expect(secondsLeft('mqtt', 0, 5_000)).toBeUndefined();
    expect([isSilent('airrohr-api', 0, 240_000), isSilent('airrohr-api', 0, 240_001)]).toEqual([false, true]);
    expect([isSilent('tasmota', 0, 300_000), isSilent('tasmota', 0, 400_000)]).toEqual([false, true]);
  });
});

describe('the sensor that a device turns out to have', () => {
  it.each([
    ['another one', ['pms', 'dht22'], 'sds011', 'pms'],
    ['the second of its kind', ['sds011-2'], 'sds011', undefined],
    ['both', ['pms', 'sds011'], 'sds011', undefined],
    ['none that measures particulates', ['bme280'], 'sds011', undefined],
    ['one the host did not know', ['pms'], '', undefined],
    ['one without a model', ['climate', 'other'], 'sds011', undefined],
  ])('%s', (_what, sensors, chosen, found) => {
    expect(otherSensor(sensors, chosen)).toBe(found);
  });
});

describe.each(['de', 'en'] as const)('words for hosts, %s', (language) => {
  const { failure } = hostTextsOf(language);

  it('sends a host back to what is to be changed: on the page that waits there are no fields', () => {
    const pointing = Object.values(failure).filter(({ cure }) => /\b(oben|above)\b/.test(cure));
    expect(pointing).toEqual([]);
  });

  it.each([...REJECTION_REASONS, 'implausible' as const])('%s has a cause and a cure of its own', (reason) => {
    const { cause, cure } = failure[reason];
    expect([cause, cure].every((text) => /\S.{10,}[.?)]$/.test(text))).toBe(true);
    expect(Object.values(failure).filter((other) => other.cause === cause)).toHaveLength(1);
  });
});

describe('what a host types', () => {
  it.each([
    ['50.94812, 6.91934', 50.94812, 6.91934],
    ['50.94812 6.91934', 50.94812, 6.91934],
    ['50,94812; 6,91934', 50.94812, 6.91934],
    ['50,94812 6,91934', 50.94812, 6.91934],
    ['-33.9, 18.4', -33.9, 18.4],
    ['50°56\'52.8"N 6°55\'8.4"E', 50.948, 6.919],
    ['50° 56′ 52,8″ N, 6° 55′ 8,4″ O', 50.948, 6.919],
    ["33°54'S 18°24'W", -33.9, -18.4],
  ])('coordinates %s', (text, lat, lon) => {
    const found = parseCoordinates(text);
    expect(found?.lat).toBeCloseTo(lat, 6);
    expect(found?.lon).toBeCloseTo(lon, 6);
  });

  it.each(['', 'Köln', '50.9', '91, 0', '0, 181', '50,948, 6,919', '1,2,3'])('no coordinates: %s', (text) => {
    expect(parseCoordinates(text)).toBeUndefined();
  });

  it.each([
    ['airrohr', '15303512', 'esp8266-15303512'],
    ['airrohr', ' airRohr-15303512 ', 'esp8266-15303512'],
    ['airrohr', 'ID: 15303512 (A020A61AB2)', 'esp8266-15303512'],
    ['airrohr', 'esp8266-15303512', 'esp8266-15303512'],
    ['airrohr', 'a1b2c3', 'esp32-a1b2c3'],
    ['airrohr', '12', undefined],
    ['tasmota', 'balkon_nord', 'tasmota-balkon_nord'],
    ['tasmota', 'tasmota-balkon', 'tasmota-balkon'],
    ['airgradient', 'ecda3b1eaaaf', 'airgradient-ecda3b1eaaaf'],
    ['other', 'Schuppen/links', undefined],
    ['other', '', undefined],
  ] as const)('the id of a device, %s: %s', (firmware, typed, id) => {
    expect(deviceIdOf(firmware, typed)).toBe(id);
  });

  const link = { stationId: 'abcde12345', ownerKey: 'ABCDEFGHJKMNPQRSTVWXYZ0123' };

  it.each([
    ownerUrl('https://luft.example.org', link),
    `#${link.stationId}.${link.ownerKey}`,
    ` ${link.stationId}.${link.ownerKey.toLowerCase()} `,
  ])('the owner link %s', (text) => {
    expect(parseOwnerLink(text)).toEqual(link);
  });

  it.each(['', '#main', 'https://luft.example.org/host', `${link.stationId}.short`, `${link.ownerKey}`])(
    'no owner link: %s',
    (text) => {
      expect(parseOwnerLink(text)).toBeUndefined();
    },
  );
});
