import type { Device } from '../domain/station.ts';

/** What the names are read from. */
export interface DeviceDirectory {
  credentials(): Iterable<{ device: Device }>;
  onChange(listener: (stationId: string) => void): () => void;
}

/**
 * Finds the Zigbee2MQTT gateway account that registered a friendly name: its topics carry no device id, so behind an
 * external broker, or through a service account, the name is all there is.
 */
export class ZigbeeNames {
  readonly #directory: DeviceDirectory;
  #deviceByName: Map<string, string> | undefined;

  constructor(directory: DeviceDirectory) {
    this.#directory = directory;
    directory.onChange(() => {
      this.#deviceByName = undefined;
    });
  }

  /** Device id of the gateway; undefined when nobody registered the name. */
  deviceOf(name: string): string | undefined {
    this.#deviceByName ??= this.#read();
    return this.#deviceByName.get(name);
  }

  #read(): Map<string, string> {
    const deviceByName = new Map<string, string>();
    for (const { device } of this.#directory.credentials()) {
      for (const name of device.names ?? []) if (!deviceByName.has(name)) deviceByName.set(name, device.id);
    }
    return deviceByName;
  }
}
