import type { DeviceWay, KeyedDevice } from '../../../server/domain/deviceInstructions.ts';
import type { HeightClass, Position, Siting } from '../../../server/domain/station.ts';

/** What the host is doing. */
export const JOIN_STEPS = ['place', 'device', 'watch', 'link'] as const;
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
};

/** What is wrong with the form, by field; empty when it can be sent. */
export function missingFields({ name, position }: PlaceDraft): ('name' | 'position')[] {
  return [...(name.trim() === '' ? (['name'] as const) : []), ...(position ? [] : (['position'] as const))];
}

/** The body of `POST /stations`. */
export function registrationOf(place: PlaceDraft, termsVersion: string): object {
  const sensorModels = [place.pmModel, place.climateModel].filter((model) => model !== '');
  return {
    name: place.name.trim(),
    position: place.position,
    positionGridMetres: place.positionGridMetres,
    isIndoor: place.isIndoor,
    ...(place.isIndoor && { isPublishedIndoor: place.isPublishedIndoor }),
    ...(sensorModels.length > 0 && { sensorModels }),
    ...(place.heightClass !== '' && { heightClass: place.heightClass }),
    ...(place.siting !== '' && { siting: place.siting }),
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
