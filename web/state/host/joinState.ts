import type { DeviceWay, KeyedDevice } from '../../../server/domain/device/deviceInstructions.ts';
import type { HeightClass, Position, Siting } from '../../../server/domain/station.ts';
import { typedAltitude, typedSensorNumber } from './optionalNumbers.ts';

/** What the host is doing. */
export const JOIN_STEPS = ['place', 'device', 'watch', 'link'] as const;
/** One of `JOIN_STEPS`. */
export type JoinStep = (typeof JOIN_STEPS)[number];

/** Cells a public position may be rounded to, metres. */
export const GRIDS = [100, 500, 1000, 2000] as const;

/** What is said about a station before it exists. */
export interface PlaceDraft {
  name: string;
  position?: Position | undefined;
  positionGridMetres: number;
  isIndoor: boolean;
  isPublishedIndoor: boolean;
  /** Empty: not known. */
  pmModel: string;
  climateModel: string;
  heightClass: HeightClass | '';
  siting: Siting | '';
  /** As typed; empty: not said. */
  altitude: string;
  sensorNumber: string;
}

/** A station just registered, with the key that is shown this once. */
export interface Joined {
  stationId: string;
  ownerKey: string;
  name: string;
  isPending: boolean;
  /** False for an indoor station whose values stay private. */
  isPublic: boolean;
}

/** Everything that must survive a reload. */
export interface JoinState {
  step: JoinStep;
  place: PlaceDraft;
  joined?: Joined | undefined;
  device?: KeyedDevice | undefined;
  way?: DeviceWay | undefined;
  /** Epoch ms: when the host said the device's settings are saved. */
  savedAt?: number | undefined;
}

/** An empty form. */
export const EMPTY_PLACE: PlaceDraft = {
  name: '',
  positionGridMetres: 100,
  isIndoor: false,
  isPublishedIndoor: false,
  pmModel: 'sds011',
  climateModel: '',
  heightClass: '',
  siting: '',
  altitude: '',
  sensorNumber: '',
};

/** Fields that can be wrong. */
export type PlaceField = 'name' | 'position' | 'altitude' | 'sensorNumber';

/** What is wrong with the form, by field; empty when it can be sent. */
export function wrongFields({ name, position, altitude, sensorNumber }: PlaceDraft): PlaceField[] {
  const isWrong: Record<PlaceField, boolean> = {
    name: name.trim() === '',
    position: position === undefined,
    altitude: typedAltitude(altitude) === 'wrong',
    sensorNumber: typedSensorNumber(sensorNumber) === 'wrong',
  };
  return (Object.keys(isWrong) as PlaceField[]).filter((field) => isWrong[field]);
}

/** The body of `POST /stations`. */
export function registrationOf(place: PlaceDraft, termsVersion: string): object {
  const sensorModels = [place.pmModel, place.climateModel].filter((model) => model !== '');
  const altitudeMetres = typedAltitude(place.altitude);
  const sensorCommunityId = typedSensorNumber(place.sensorNumber);
  return {
    name: place.name.trim(),
    position: place.position,
    positionGridMetres: place.positionGridMetres,
    isIndoor: place.isIndoor,
    ...(place.isIndoor && { isPublishedIndoor: place.isPublishedIndoor }),
    ...(sensorModels.length > 0 && { sensorModels }),
    ...(place.heightClass !== '' && { heightClass: place.heightClass }),
    ...(place.siting !== '' && { siting: place.siting }),
    ...(altitudeMetres !== undefined && { altitudeMetres }),
    ...(sensorCommunityId !== undefined && { sensorCommunityId }),
    acceptedTerms: termsVersion,
  };
}

/** Keys are secrets: they stay in this tab and go with it. */
const STORAGE_KEY = 'buergerluft-join-1';

/** What was kept of a join in this tab; undefined when there is none or the browser keeps nothing. */
export function loadJoin(storage: Pick<Storage, 'getItem'> | undefined): JoinState | undefined {
  const text = storage?.getItem(STORAGE_KEY);
  return text ? (JSON.parse(text) as JoinState) : undefined;
}

/** Keeps a join; undefined forgets it. */
export function saveJoin(storage: Pick<Storage, 'setItem' | 'removeItem'> | undefined, state?: JoinState): void {
  if (state === undefined) storage?.removeItem(STORAGE_KEY);
  else storage?.setItem(STORAGE_KEY, JSON.stringify(state));
}
