import type { HostTexts } from './hostTexts.ts';

/** English words for every reason a message is turned away: what is wrong, and the next thing to do. */
export const failureEn: HostTexts['failure'] = {
  unreadable: {
    cause: 'A message came but cannot be read: it is built differently from what this firmware writes.',
    cure: 'Check that the path is in the right field of the right target (“/data.php” belongs to the custom API, “/write” to InfluxDB).',
  },
  'too-large': {
    cause: 'The message is larger than 16 kilobytes.',
    cure: 'No firmware we know sends that. Is another program set to these credentials?',
  },
  'too-deep': {
    cause: 'The message is nested deeper than any firmware writes it.',
    cure: 'Look which program sends with these credentials.',
  },
  'no-values': {
    cause: 'The message can be read but holds no measurement.',
    cure: 'Mostly the device cannot read its sensor: is the right sensor ticked in its configuration, and are the cables firm?',
  },
  'not-a-number': {
    cause: 'A value holds text instead of a number (such as “nan”).',
    cure: 'The sensor delivers nothing right now. Unplug the device briefly; if it stays so, check the wiring.',
  },
  'no-value-marker': {
    cause: 'The device sends its own mark for “no value”.',
    cure: 'Wait a few minutes: the sensor is still starting. If it stays so, check the wiring.',
  },
  'out-of-bounds': {
    cause: 'A value is larger than anything a sensor can measure.',
    cure: 'Unplug the device briefly. If it stays so, the sensor or its wiring is at fault.',
  },
  'unknown-device': {
    cause: 'The device names an id that is not registered here.',
    cure: 'Go back and compare the number in the field “User” with the one on the device’s page. If it differs, enter the right one.',
  },
  'wrong-token': {
    cause: 'The device has called, but user or password are wrong.',
    cure: 'Copy both fields again, without spaces before or after. If you made a new token, only that one counts.',
  },
  'wrong-identity': {
    cause: 'The message names another device than the one the credentials belong to.',
    cure: 'Go back, enter the id that really stands on this device’s page, and put in the new credentials.',
  },
  'foreign-topic': {
    cause: 'The device publishes over MQTT on a topic that is not its own.',
    cure: 'In Tasmota enter the device id as “Topic” and “%prefix%/%topic%/” as “FullTopic”, in ESPHome the device id as “topic_prefix”; a program of your own publishes to “buergerluft/device id/airrohr”.',
  },
  'wrong-path': {
    cause: 'The device calls with the right token, but sends to a path that does not exist here.',
    cure: 'In the device’s field “Path” enter exactly “/data.php”, for the InfluxDB target “/write”, without an address before it.',
  },
  'unbound-device': {
    cause: 'The device is known but belongs to no station.',
    cure: 'Go back and make new credentials for this device.',
  },
  retained: {
    cause: 'The message is sent as “retained”. An old value cannot be told from a new one then.',
    cure: 'In Tasmota set “SensorRetain 0”, in ESPHome “retain: false” for each sensor.',
  },
  qos2: {
    cause: 'The message is sent with QoS 2; 0 and 1 are accepted.',
    cure: 'Set QoS 1 at the device.',
  },
  'time-too-old': {
    cause: 'The time in the message lies more than 7 days back.',
    cure: 'The device’s clock is wrong. Check its time server or leave the time away: then the arrival counts.',
  },
  'time-in-future': {
    cause: 'The time in the message lies in the future.',
    cure: 'The device’s clock is fast, often by the time zone. Send UTC, or no time at all.',
  },
  'time-unreadable': {
    cause: 'The time in the message cannot be read.',
    cure: 'Expected is for instance 2026-11-23T18:00:00Z. Without a time the arrival counts.',
  },
  conflict: {
    cause: 'Another value is stored for that time already; the first one stays.',
    cure: 'Do two devices send with the same credentials? Each needs an id of its own.',
  },
  'station-deleted': {
    cause: 'The station this device belonged to has been deleted.',
    cure: 'Register the station anew and put in the new credentials.',
  },
  'too-often': {
    cause: 'The device sends more often than is accepted.',
    cure: 'Set the measuring interval to 145 seconds (airRohr), or two to five minutes.',
  },
  implausible: {
    cause: 'The values lie outside of what this sensor can measure.',
    cure: 'Unplug the device briefly. If it stays so: is the inlet free, are the cables firm, is the power supply strong enough (5 V, 1 A)?',
  },
};
