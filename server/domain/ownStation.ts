import type { AnnotationView, ExclusionView, LatestValue, SeriesMarkView } from './contract.ts';
import type { Finding, FindingState } from './device/deviceHealth.ts';
import type { RefusalReason } from './operator/stationRefusal.ts';
import type { Quantity } from './quantity.ts';
import type { HeightClass, Position, Siting, StationStatus } from './station.ts';

/** What an owner sees of their station, `GET /api/v1/stations/{id}/owner`. Private throughout. Times ISO 8601 UTC. */
export interface OwnStation {
  station: OwnStationFields;
  /** The day the latest values are of is theirs to tell: each carries its time. */
  latest: Partial<Record<Quantity, LatestValue>>;
  /** Devices that stand there now. */
  devices: OwnDevice[];
  /** Devices that stand or stood there, oldest first. */
  assignments: { deviceId: string; boundAt: string; unboundAt?: string }[];
  marks: SeriesMarkView[];
  annotations: AnnotationView[];
  health: { state: FindingState; at: string; version: string; findings: Finding[] };
}

/** The registry's entry. */
export interface OwnStationFields {
  id: string;
  name: string;
  status: StationStatus;
  statusReason?: string | undefined;
  exclusion?: ExclusionView | undefined;
  refusal?: { reason: RefusalReason; at: string } | undefined;
  position: Position;
  publicPosition: Position;
  positionGridMetres: number;
  isIndoor: boolean;
  isPublishedIndoor: boolean;
  isNoisePublic: boolean;
  heightClass?: HeightClass | undefined;
  siting?: Siting | undefined;
  altitudeMetres?: number | undefined;
  /** Claimed, and waiting for values that confirm it. */
  sensorCommunityId?: number | undefined;
  externalIds: string[];
  sensorModels: string[];
  licence: string;
  createdAt: string;
  consent?: { version: string; acceptedAt: string } | undefined;
}

/** A device as its owner sees it. */
export interface OwnDevice {
  deviceId: string;
  boundAt: string;
  lastSeenAt: string | null;
}
