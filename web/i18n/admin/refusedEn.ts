import type { AdminTexts } from './adminTexts.ts';

/** English: what each refusal means to an operator, and what to do. */
export const refusedEn: AdminTexts['refused']['words'] = {
  unreadable: {
    name: 'unreadable',
    meaning: 'The message is not built as its format asks.',
    help: 'Mostly a path or target is mixed up on the device; its host sees it on their page.',
  },
  'too-large': {
    name: 'too large',
    meaning: 'Over 16 KiB.',
    help: 'No firmware sends that. If it comes often, see who signs in with this account.',
  },
  'too-deep': { name: 'nested too deep', meaning: 'No firmware nests like this.', help: 'As with “too large”.' },
  'no-values': {
    name: 'without a value',
    meaning: 'Understood, but nothing measured in it.',
    help: 'Mostly the device does not read its sensor. Nothing to do, its host is told.',
  },
  'not-a-number': {
    name: 'not a number',
    meaning: 'Text where a number must be, such as “nan”.',
    help: 'The sensor gives nothing at the moment. If it goes on, its wiring is loose.',
  },
  'no-value-marker': {
    name: 'the device’s “no value”',
    meaning: 'The device itself says that it measured nothing.',
    help: 'Usual after switching on.',
  },
  'out-of-bounds': {
    name: 'impossible value',
    meaning: 'Larger than anything a device can mean.',
    help: 'An error in transmission or a broken sensor.',
  },
  'unknown-device': {
    name: 'unknown device',
    meaning: 'A device calls that is not registered here.',
    help: 'Its host registers it at /host, and sees there too when the number is wrong.',
  },
  'wrong-token': {
    name: 'wrong token',
    meaning: 'User or password is not right.',
    help: 'Single ones are typing errors. Thousands from one place are guessing: it cannot succeed, and the limit holds it up.',
  },
  'wrong-identity': {
    name: 'wrong identity',
    meaning: 'The content names another device than the one signed in.',
    help: 'Often after a device was replaced. Its host enters the new number.',
  },
  'foreign-topic': {
    name: 'foreign topic',
    meaning: 'Sent under an MQTT topic that is not this device’s.',
    help: 'Tasmota and ESPHome also send status and discovery: harmless, and dropped.',
  },
  'wrong-path': {
    name: 'wrong path',
    meaning: 'A device with the right token sends over HTTP to a path that does not exist here.',
    help: 'Its host reads in “My station” what to enter.',
  },
  'unbound-device': {
    name: 'device without a station',
    meaning: 'The device is known but stands at no station.',
    help: 'Its host makes new credentials.',
  },
  retained: {
    name: 'retained message',
    meaning: 'Sent with “retain”: not to be told from an old value.',
    help: 'Turn “retain” off on the device.',
  },
  qos2: { name: 'QoS 2', meaning: 'QoS 0 and 1 are taken.', help: 'Set QoS 1 on the device.' },
  'time-too-old': {
    name: 'time too old',
    meaning: 'The time stated is more than 7 days back.',
    help: 'The device’s clock is not set. npx buergerluft import takes older readings.',
  },
  'time-in-future': {
    name: 'time in the future',
    meaning: 'The time stated is more than 2 minutes ahead.',
    help: 'If it is many devices, the clock of this server is slow: npx buergerluft doctor.',
  },
  'time-unreadable': {
    name: 'time unreadable',
    meaning: 'The time stated is not ISO 8601.',
    help: 'Leave the time away on the device: then the arrival counts.',
  },
  conflict: {
    name: 'conflict',
    meaning: 'Another value is stored for this time already; the first one holds.',
    help: 'Mostly two devices send with one account.',
  },
  'station-deleted': {
    name: 'station deleted',
    meaning: 'The device of a deleted station goes on sending.',
    help: 'Nothing to do, nothing is stored.',
  },
  'too-often': {
    name: 'too often',
    meaning: 'More than RATE_LIMIT allows a device.',
    help: 'Usual after a long outage. If it goes on, the device’s interval is too short.',
  },
};
