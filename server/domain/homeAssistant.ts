import type { Quantity } from './quantity.ts';
import { QUANTITIES, UNITS } from './quantity.ts';
import { isPublic, publishes, type Station, stationKind } from './station.ts';
import { latestTopic, STATUS_TOPIC } from './topics.ts';

/**
 * MQTT discovery of Home Assistant: one retained message a station at `homeassistant/device/<id>/config` names the device
 * and one sensor a quantity, which read our out-topic. Device discovery is in Home Assistant since 2024.12
 * (https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery).
 */

/** What Home Assistant calls a quantity and its unit; it names the sensor by the class, in its user's language. */
const CLASSES: Readonly<Record<Quantity, { device_class?: string; name?: string; unit_of_measurement: string }>> = {
  pm1: { device_class: 'pm1', unit_of_measurement: UNITS.pm1 },
  pm25: { device_class: 'pm25', unit_of_measurement: UNITS.pm25 },
  // Older versions know no class for it, and refuse one they do not know.
  pm4: { name: 'PM4', unit_of_measurement: UNITS.pm4 },
  pm10: { device_class: 'pm10', unit_of_measurement: UNITS.pm10 },
  temperature: { device_class: 'temperature', unit_of_measurement: UNITS.temperature },
  humidity: { device_class: 'humidity', unit_of_measurement: UNITS.humidity },
  pressure: { device_class: 'atmospheric_pressure', unit_of_measurement: UNITS.pressure },
  noise: { device_class: 'sound_pressure', unit_of_measurement: 'dBA' },
};

/** Decimals that are worth showing: those the instruments resolve. */
const PRECISION: Readonly<Record<Quantity, number>> = {
  ...{ pm1: 1, pm25: 1, pm4: 1, pm10: 1 },
  ...{ temperature: 1, humidity: 0, pressure: 1, noise: 1 },
};

/** A value this old is unknown, s: a station is silent by then, however slow. */
const EXPIRES_AFTER_S = 3600;

/** One sensor of a station in Home Assistant. */
export interface HomeAssistantSensor {
  platform: 'sensor';
  unique_id: string;
  state_class: 'measurement';
  device_class?: string;
  name?: string;
  unit_of_measurement: string;
  suggested_display_precision: number;
  value_template: string;
  expire_after: number;
  json_attributes_topic: string;
  json_attributes_template: string;
}

/**
 * What takes a sensor back: one left out of the message stays there, also one that is private now. Home Assistant passes over
 * what it never had (homeassistant/components/mqtt/discovery.py, `async_discovery_message_received`).
 */
export interface HomeAssistantAbsence {
  platform: 'sensor';
}

/** Payload of a station's discovery message. */
export interface HomeAssistantDevice {
  device: { identifiers: string[]; name: string; manufacturer: string; model?: string; configuration_url?: string };
  origin: { name: string; sw_version: string; support_url?: string };
  components: Record<Quantity, HomeAssistantSensor | HomeAssistantAbsence>;
  state_topic: string;
  availability: { topic: string }[];
  qos: 1;
}

/** What the message says about the instance. */
export interface HomeAssistantFacts {
  instanceName: string;
  version: string;
  /** Address of the instance, without a slash at the end. */
  publicUrl?: string | undefined;
}

/** Where a station's discovery message goes. */
export function discoveryTopic(stationId: string): string {
  return `homeassistant/device/buergerluft_${stationId}/config`;
}

/** True for a station that may have one. An official station's last mean is older than an hour when it is there: never a state. */
export function isAnnounced(station: Station): boolean {
  return isPublic(station) && stationKind(station) === 'citizen';
}

/**
 * The discovery message of a public station with what it measures, and what it does not; undefined when there is nothing to
 * tell. No `via_device`: an instance is no device of its own there.
 */
export function homeAssistantDevice(
  station: Station,
  quantities: readonly Quantity[],
  { instanceName, version, publicUrl }: HomeAssistantFacts,
): HomeAssistantDevice | undefined {
  const published = quantities.filter((quantity) => publishes(station, quantity));
  if (!isAnnounced(station) || published.length === 0) return undefined;
  const topic = latestTopic(station.id);
  return {
    device: {
      identifiers: [`buergerluft_${station.id}`],
      name: station.name,
      manufacturer: instanceName,
      ...(station.sensorModels.length > 0 && { model: station.sensorModels.join(', ') }),
      ...(publicUrl !== undefined && { configuration_url: `${publicUrl}/station/${station.id}` }),
    },
    origin: {
      name: 'Bürgerluft',
      sw_version: version,
      ...(publicUrl !== undefined && { support_url: `${publicUrl}/about` }),
    },
    components: Object.fromEntries(
      QUANTITIES.map((quantity) => [
        quantity,
        published.includes(quantity) ? sensorOf(station.id, quantity, topic) : { platform: 'sensor' },
      ]),
    ) as HomeAssistantDevice['components'],
    state_topic: topic,
    availability: [{ topic: STATUS_TOPIC }],
    qos: 1,
  };
}

/** A value counts while it is young and nothing says that it was not measured; otherwise the state is unknown. */
function sensorOf(stationId: string, quantity: Quantity, topic: string): HomeAssistantSensor {
  const latest = `value_json.latest.${quantity}`;
  const isYoung = `(now() - as_datetime(${latest}.measuredAt)).total_seconds() < ${EXPIRES_AFTER_S}`;
  const isMeasured = `'saturated' not in ${latest}.flags and 'out-of-range' not in ${latest}.flags`;
  const hasValue = `${latest} is defined and ${isYoung} and ${isMeasured}`;
  return {
    platform: 'sensor',
    unique_id: `buergerluft_${stationId}_${quantity}`,
    state_class: 'measurement',
    ...CLASSES[quantity],
    suggested_display_precision: PRECISION[quantity],
    value_template: `{{ ${latest}.value if ${hasValue} else None }}`,
    expire_after: EXPIRES_AFTER_S,
    json_attributes_topic: topic,
    json_attributes_template: `{{ (${latest} | default({})) | tojson }}`,
  };
}
