import type { Finding } from '../../../server/domain/device/deviceHealth.ts';
import { between, textSpan } from '../../../server/domain/textSpan.ts';
import { decibels } from './decibels.ts';
import { failureEn } from './failureEn.ts';
import type { FindingFormat, FindingTexts } from './findingTexts.ts';
import { refusalCure } from './refusalCure.ts';

const REASONS: Readonly<Record<string, string>> = {
  unreadable: 'unreadable',
  'too-large': 'too large',
  'too-deep': 'nested too deeply',
  'no-values': 'without a value',
  'not-a-number': 'a value was not a number',
  'no-value-marker': 'the sensor said “no value”',
  'out-of-bounds': 'a value was impossibly large',
  'wrong-token': 'wrong token',
  'wrong-identity': 'the message named another device',
  'foreign-topic': 'wrong MQTT topic',
  'wrong-path': 'wrong path',
  'time-too-old': 'time older than seven days',
  'time-in-future': 'time in the future',
  'time-unreadable': 'time unreadable',
  conflict: 'another value is stored for that time',
  'too-often': 'sent too often',
};

const NO_DATA = 'Too little is known yet.';

/** English. */
export const findingEn: FindingTexts = {
  title: {
    push: 'Last message',
    gaps: 'Gaps',
    wifi: 'Wi-Fi',
    firmware: 'Firmware',
    rejections: 'Refused',
    fan: 'Fan and inlet',
    stuck: 'Stuck value',
    saturated: 'Full scale',
    inverted: 'PM2.5 above PM10',
    humidity: 'Humidity sensor',
    drift: 'Beside its neighbours',
  },
  evidence,
  cure,
  reason: (word) => REASONS[word] ?? word,
  minutes: (count) => (count === 0 ? 'less than 1 minute' : count === 1 ? '1 minute' : `${count} minutes`),
  hours: (text) => `${text} hours`,
  days: (text) => `${text} days`,
};

function evidence(finding: Finding, format: FindingFormat): string {
  const { number, duration, dateTime, percent } = format;
  switch (finding.id) {
    case 'push':
      if (finding.agoMs === undefined) return 'Nothing has come from this device yet.';
      return `${duration(finding.agoMs)} ago. A message is expected about every ${number(finding.cadenceMs / 1000, 0)} seconds.`;
    case 'gaps': {
      if (finding.count === 0) return 'No reading came in the last 24 hours.';
      const share = `${number(finding.count, 0)} of ${number(finding.expected, 0)} expected readings of the last 24 hours (${percent(finding.coverage)})`;
      if (finding.state === 'unknown') return `${share}. It is too early for a verdict.`;
      if (finding.longestMs === undefined || finding.longestFrom === undefined) return `${share}, without a gap.`;
      const count = finding.gaps === 1 ? 'One gap' : `${finding.gaps} gaps, the longest`;
      return `${share}. ${count} of ${duration(finding.longestMs)} from ${dateTime(finding.longestFrom)}.`;
    }
    case 'wifi':
      if (finding.median === undefined || finding.weakest === undefined)
        return 'The device reports no signal strength.';
      return `${decibels(format, finding.median)} in the middle, ${decibels(format, finding.weakest)} at its weakest (${counted(finding.count, 'message', format)}). From about −78 dBm the connection breaks more often.`;
    case 'firmware':
      if (finding.version === undefined) return 'The device names no version.';
      if (finding.state === 'unknown') return `${finding.version}. How current this firmware is we do not know.`;
      return finding.state === 'good'
        ? `${finding.version}, current.`
        : `${finding.version}; the newest is ${finding.newest}.`;
    case 'rejections': {
      if (finding.state === 'unknown') return 'Nothing has come from this device yet.';
      if (finding.total === 0)
        return 'Nothing was refused as far as the server remembers (24 hours, at most since its start).';
      const parts = finding.byReason.map(
        ({ reason, count, lastAt }) => `${count} × ${findingEn.reason(reason)}, last ${dateTime(lastAt)}`,
      );
      return `In the last 24 hours: ${parts.join('; ')}.${finding.isTokenRight ? ' The token is right by now: readings have come since.' : ''}`;
    }
    case 'fan': {
      if (finding.highest === undefined) return NO_DATA;
      const own = `95 % of the values were at most ${format.value('pm25', finding.highest)}`;
      if (finding.state === 'good') return `${own}: air reaches the sensor.`;
      return finding.neighbours === undefined
        ? `${own}.`
        : `${own}, at the neighbours ${format.value('pm25', finding.neighbours)} in the middle.`;
    }
    case 'stuck':
      if (finding.state === 'unknown') return NO_DATA;
      if (finding.value === undefined || finding.since === undefined) return 'The values move.';
      return `Exactly ${number(finding.value, 1)} for ${finding.readings} readings (${finding.sensor}), since ${dateTime(finding.since)}${finding.state === 'notice' ? '; over by now' : ''}.`;
    case 'saturated':
      if (finding.state === 'unknown') return NO_DATA;
      if (finding.lastAt === undefined || finding.value === undefined) return 'The sensor was not at full scale.';
      return `${finding.count === 1 ? 'Once' : `${finding.count} times`} in 24 hours, last ${dateTime(finding.lastAt)} with ${number(finding.value, 1)} µg/m³. Such values count in no mean.`;
    case 'inverted':
      if (finding.readings === 0) return NO_DATA;
      return `In ${percent(finding.share)} of ${counted(finding.readings, 'reading', format)}. PM2.5 is a part of PM10 and cannot be above it.`;
    case 'humidity':
      if (finding.lowest === undefined || finding.highest === undefined) return 'No humidity comes in.';
      return `In two days ${between(textSpan(number(finding.lowest, 1), number(finding.highest, 1), ' %'))} (${finding.sensor}), ${counted(finding.flips ?? 0, 'jump', format)} of more than 30 points between two readings.`;
    case 'drift': {
      if (finding.ratio === undefined || finding.own === undefined || finding.others === undefined) {
        return `No verdict yet: ${counted(finding.hours, 'hour', format)} in common, ${counted(finding.neighbours, 'neighbour', format)} within 5 km. It takes 72 hours and three neighbours.`;
      }
      return `Your sensor shows ${number(finding.ratio, 2)} times its neighbours: ${format.value('pm25', finding.own)} against ${format.value('pm25', finding.others)} (median of ${number(finding.hours, 0)} hours, ${finding.neighbours} neighbours).`;
    }
  }
}

function cure(finding: Finding): string | undefined {
  if (finding.state === 'good' || finding.state === 'unknown') {
    return finding.id === 'push' && finding.state === 'unknown'
      ? 'Check that address, device id and token at the device are those shown here under “Device”.'
      : undefined;
  }
  switch (finding.id) {
    case 'push':
      return 'Is the power supply plugged in, is the device in the Wi-Fi? Open the device’s own page; if it does not appear, unplug the device and plug it in again after ten seconds.';
    case 'gaps':
      return 'The usual cause is weak Wi-Fi, then a weak power supply or cable.';
    case 'wifi':
      return 'Move the device closer to the router, or put a repeater between them.';
    case 'firmware':
      return 'Tick “Auto update firmware” in the device’s configuration; the new version comes within a day.';
    case 'rejections':
      return (
        refusalCure(finding, failureEn) ??
        'Are device id and token at the device the same as here? Under “Device” you get a new token.'
      );
    case 'fan':
      return 'Look for cobwebs, insects and dust in the hose and at the inlet, and listen whether the fan runs.';
    case 'stuck':
      return finding.state === 'problem'
        ? 'Unplug the device and plug it in again after ten seconds. If that does not help, the sensor is worn out.'
        : undefined;
    case 'saturated':
      return 'Mostly an insect or fluff sits in the chamber: pull off the hose and blow it out gently. A weak power supply can do it too.';
    case 'inverted':
      return 'If it nearly always lies above, the two were swapped in setting up: look into ESPHome or your own program. Otherwise the sensor is dirty or old: clean it, or replace it.';
    case 'humidity':
      return 'The humidity sensor got wet or is worn out. The device goes on measuring particulates; without usable humidity only the note about humid air is missing.';
    case 'drift':
      return 'Does the sensor hang in a special place (barbecue, stove, exhaust)? Otherwise clean it; after three to four years an SDS011 is usually worn out.';
  }
}

function counted(count: number, what: string, { number }: FindingFormat): string {
  return `${number(count, 0)} ${what}${count === 1 ? '' : 's'}`;
}
