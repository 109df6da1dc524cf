import type { DeviceWay } from '../../../server/domain/device/deviceInstructions.ts';
import type { Language } from '../../../server/domain/names.ts';
import type { JoinStep } from '../../state/host/joinState.ts';
import type { ApiProblem } from '../../state/host/ownApi.ts';
import type { FailureReason, Phase } from '../../state/host/watchProgress.ts';
import type { Refusal } from './fieldWords.ts';
import { hostDe } from './hostDe.ts';
import { hostEn } from './hostEn.ts';

/** What went wrong and what to do next. */
export interface CauseAndCure {
  cause: string;
  cure: string;
}

/** Firmware a host may have, as the form offers it. */
export const FIRMWARES = ['airrohr', 'tasmota', 'esphome', 'airgradient', 'other'] as const;
/** One of `FIRMWARES`. */
export type Firmware = (typeof FIRMWARES)[number];

/** Texts of joining; those of "my station" are a dictionary of their own. */
export interface HostTexts {
  intro: string;
  registration: Record<'open' | 'approval', string>;
  closed(contact: string): string;
  /** What it takes, for those without a device. */
  noSensor: { summary: string; needs: readonly string[]; kit: string };
  steps: string;
  step: Record<JoinStep, string>;
  stepOf(parts: { number: number; count: number }): string;
  next: string;
  back: string;
  problem: Record<ApiProblem, string>;
  /** What the server found wrong with what was sent. */
  refused(refusal: Refusal): string;
  // An owner link at hand
  haveLink: string;
  linkLabel: string;
  linkHelp: string;
  linkOpen: string;
  linkWrong: string;
  lostLink: string;
  lostHelp: string;
  lostSend: string;
  lostSent: string;
  lostNoMail(contact: string): string;
  mailLabel: string;
  mailWrong: string;
  // Place and sensor
  placeHeading: string;
  name: string;
  nameHelp: string;
  nameMissing: string;
  positionHeading: string;
  positionHelp: string;
  positionMissing: string;
  coarseMap: string;
  placeMap: string;
  placeMapHelp: string;
  pinSaid(coordinates: string): string;
  searchPlace: string;
  searchPlaceNothing(text: string): string;
  coordinates: string;
  coordinatesHelp: string;
  coordinatesWrong: string;
  whereIAm: string;
  whereIAmNeedsHttps: string;
  precision: string;
  precisionHelp: string;
  precisionOf(metres: number): string;
  publicCell(parts: { metres: string; coordinates: string }): string;
  sensorHeading: string;
  pmModel: string;
  climateModel: string;
  unknownModel: string;
  noModel: string;
  inOrOut: string;
  outdoor: string;
  indoor: string;
  indoorNote: string;
  publishIndoor: string;
  height: string;
  siting: string;
  altitude: string;
  altitudeHelp: string;
  altitudeWrong: string;
  sensorNumber: string;
  sensorNumberHelp: string;
  sensorNumberWrong: string;
  notSaid: string;
  // Consent
  consentHeading: string;
  publicHeading: string;
  publicThings(parts: { metres: string; isPublic: boolean; licence: string }): string[];
  privateHeading: string;
  privateThings: string[];
  keepHeading: string;
  keepFor(days: number | undefined): string;
  withdrawHeading: string;
  withdraw: string[];
  consent(parts: { version: string; licence: string }): string;
  consentMissing: string;
  privacyLink: string;
  register: string;
  fixFields: string;
  // Device
  registered(name: string): string;
  keepLinkEarly: string;
  firmwareLabel: string;
  firmware: Record<Firmware, string>;
  openHeading: string;
  openWays: Record<'name' | 'router' | 'ownWifi', { title: string; text: string; picture: string }>;
  openOther: Record<Exclude<Firmware, 'airrohr'>, string>;
  idHeading: string;
  idLabel: Record<Firmware, string>;
  idHelp: Record<Firmware, string>;
  idPicture: string;
  /** The id that is missing or cannot be one, by the firmware. */
  idWrong: Record<Firmware, string>;
  getToken: string;
  otherDevice: string;
  takenHelp: string;
  formerLink: string;
  typeHeading: string;
  way: Record<DeviceWay, string>;
  /** For an airRohr, which has targets of its own. */
  wayLabel: string;
  plainWayLabel: string;
  tick: string;
  untick: string;
  leaveEmpty: string;
  copy: string;
  copyOf(name: string): string;
  copied: string;
  copyFailed: string;
  tokenOnce: string;
  print: string;
  saved: string;
  // Sheet
  sheetHeading(name: string): string;
  sheetSecret: string;
  sheetLink: string;
  sheetContact(contact: string): string;
  // First value
  watchHeading: string;
  due(parts: { minutes: string; seconds: string }): string;
  late: string;
  noEstimate: string;
  phase: Record<Phase, string>;
  phaseWaiting: string;
  phaseDone(time: string): string;
  phaseFailed: string;
  privateShown: string;
  pendingShown: string;
  sensorsFound(names: string): string;
  arrived: string;
  /** What the map shows until the hour is full. */
  arrivedPale: string;
  /** The first values came, none of them from the particulate sensor. */
  noDust(sensor: string): string;
  noDustCure: string;
  /** Names of models. */
  otherSensor(parts: { chosen: string; found: string }): string;
  otherSensorCure: string;
  enterSensor(name: string): string;
  sensorEntered(name: string): string;
  undoSensor: string;
  /** PM2.5 above PM10. */
  inverted: string;
  invertedCure: string;
  values(list: string): string;
  failure: Record<FailureReason, CauseAndCure>;
  whatToDo: string;
  silentHeading: string;
  /** For any device, and beyond that for one with airRohr. */
  silentList: string[];
  silentAirrohr: string[];
  watchLost: string;
  watchLeave: string;
  toMap: string;
  // Owner link
  linkHeading: string;
  linkIntro: string;
  linkOnce: string;
  linkFile: string;
  linkFileText(parts: { name: string; url: string }): string;
  linkFileName: string;
  linkPrint: string;
  linkQr: string;
  mailHeading: string;
  mailHelp: string;
  mailSend: string;
  mailSent: string;
  /** Before the owner link leaves this page for good. */
  anotherAsk: string;
  anotherYes: string;
  toMyStation: string;
  another: string;
}

/** The dictionary of a language. */
export function hostTextsOf(language: Language): HostTexts {
  return { de: hostDe, en: hostEn }[language];
}
