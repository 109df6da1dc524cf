import type { Request } from 'express';
import type { Config } from '../../config.ts';
import type { Reach } from '../../domain/device/deviceInstructions.ts';
import { DAY_MS } from '../../domain/durations.ts';
import { TERMS_VERSION } from '../../domain/station.ts';
import { reachFor } from '../../start/deviceReach.ts';

/** What `/host` needs to know besides the instance. Embedded in the page. */
export interface Hosting {
  registration: Config['REGISTRATION'];
  /** Version of the terms whose text the page shows; sent back as `acceptedTerms`. */
  termsVersion: string;
  /** True when this installation can send mail at all. */
  canMail: boolean;
  /** How long single readings are kept, days; absent: for ever. */
  retentionDays?: number;
  /** True when this installation mirrors sensor.community, so that a number there can be found to be the same device. */
  isMirroring: boolean;
  /** How devices reach this installation. */
  reach: Reach;
}

/** The settings it is made from. */
export type HostingConfig = Pick<
  Config,
  | 'REGISTRATION'
  | 'SMTP_URL'
  | 'RETENTION'
  | 'MIRROR_URL'
  | 'PUBLIC_URL'
  | 'MQTT_URL'
  | 'HTTP_HOST'
  | 'HTTP_PORT'
  | 'MQTT_PORT'
  | 'DEVICE_TLS_PORT'
>;

/** Hosting as of now, for the one who asks: an address that reached the page reaches the device's door too. */
export function hostingOf(config: HostingConfig, request: Request): Hosting {
  return {
    registration: config.REGISTRATION,
    termsVersion: TERMS_VERSION,
    canMail: config.SMTP_URL !== undefined,
    isMirroring: config.MIRROR_URL !== undefined,
    ...(config.RETENTION !== undefined && { retentionDays: Math.round(config.RETENTION / DAY_MS) }),
    reach: reachFor(config, { host: request.headers.host, isHttps: request.protocol === 'https' }),
  };
}
