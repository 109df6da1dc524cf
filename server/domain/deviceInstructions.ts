/** How a device reaches an instance. Ports are text: they are typed into fields. */
export interface Reach {
  host: string;
  httpPort: string;
  isHttps: boolean;
  /** Port of the HTTPS listener for devices, when there is one. */
  tlsPort?: string;
  mqttHost: string;
  mqttPort: string;
}
