import type { FindingState } from '../../../server/domain/device/deviceHealth.ts';
import type { Language } from '../../../server/domain/names.ts';
import { myStationDe } from './myStationDe.ts';
import { myStationEn } from './myStationEn.ts';

/** A way in or out of doors. `consequence`: what becomes of the data. */
type InOrOutTexts = Record<'summary' | 'consequence' | 'moved' | 'corrected' | 'button', string>;

/** Texts of "my station". */
export interface MyStationTexts {
  loading: string;
  retry: string;
  noAccess: string;
  /** The link held when the page was opened. */
  linkEnded: string;
  gone: string;
  stale: string;
  sections: string;
  section: Record<'values' | 'health' | 'periods' | 'device' | 'place' | 'alerts' | 'link' | 'data', string>;
  status: Record<'pending' | 'active' | 'private' | 'hidden' | 'excluded', string>;
  publicPage: string;
  done: string;
  // Values
  noValues: string;
  noValuesNow(lastSeen: string): string;
  quantity: string;
  // Health
  state: Record<FindingState, string>;
  worst: Record<FindingState, string>;
  whatToDo: string;
  checkedAt(time: string): string;
  more(count: number): string;
  // Periods
  periodsIntro: string;
  kind: string;
  from: string;
  to: string;
  mark: string;
  noPeriods: string;
  takeOff: string;
  takeOffLabel(what: string): string;
  takenOff(what: string): string;
  undo: string;
  periodWrong: string;
  // Device
  noDevice: string;
  boundSince(time: string): string;
  lastSeen(time: string): string;
  neverSeen: string;
  newToken: string;
  newTokenNote: string;
  swap: string;
  swapIntro: string;
  newDeviceId: string;
  deviceIdHelp: string;
  deviceIdWrong: string;
  doSwap: string;
  addDevice: string;
  issuedHeading(deviceId: string): string;
  issuedIntro: string;
  deviceHistory: string;
  deviceHistoryRow(parts: { from: string; to: string }): string;
  untilNow: string;
  // Place
  placeIntro: string;
  joinedWith(number: string): string;
  joinWaits(number: string): string;
  name: string;
  save: string;
  move: string;
  positionChange: string;
  moved: string;
  corrected: string;
  savePlace: string;
  coarserNote: string;
  moveIndoors: InOrOutTexts;
  moveOutdoors: InOrOutTexts;
  visibility: string;
  visibleNow: string;
  /** Indoors, and not published. */
  privateNow: string;
  hiddenNow: string;
  pendingNow: string;
  excludedNow(reason: string): string;
  refusedNow(reason: string): string;
  hide: string;
  show: string;
  publishIndoor: string;
  publishNoise: string;
  marks: string;
  // Alerts
  alertsUnavailable: string;
  contactsHeading: string;
  contactsIntro: string;
  noContacts: string;
  contactKind: Record<'mail' | 'webhook' | 'ntfy', string>;
  contactState: Record<'pending' | 'confirmed' | 'muted', string>;
  address: Record<'mail' | 'webhook' | 'ntfy', string>;
  addContact: string;
  /** An address that is missing or cannot be one, by the kind. */
  addressWrong: Record<'mail' | 'webhook' | 'ntfy', string>;
  kindOfContact: string;
  mailOff: string;
  webhookSecret(secret: string): string;
  code: string;
  confirm: string;
  resend: string;
  mute: string;
  unmute: string;
  remove: string;
  removeLabel(address: string): string;
  lastFailure(parts: { at: string; reason: string }): string;
  rulesHeading: string;
  rulesIntro: string;
  silent: string;
  silentAfter: string;
  hoursOption(hours: number): string;
  never: string;
  stuck: string;
  above: string;
  aboveValue: string;
  aboveAverage: string;
  average: Record<'1h' | '24h', string>;
  monthly: string;
  quiet: string;
  quietFrom: string;
  quietTo: string;
  saveRules: string;
  aboveWrong: string;
  nameMissing: string;
  // Link and hand-over
  linkIntro: string;
  renew: string;
  renewNote: string;
  /** A new link was made. */
  renewed: string;
  handover: string;
  handoverIntro: string;
  handoverAddress: string;
  handoverMail: string;
  handoverLink: string;
  /** `to` is empty where there is a link to pass on. */
  handoverMade(parts: { to: string; time: string }): string;
  handoverCancel: string;
  handoverCancelled: string;
  // Data
  download: string;
  downloadIntro: string;
  erase: string;
  eraseIntro: string;
  eraseList: readonly string[];
  eraseStart: string;
  eraseConfirm(name: string): string;
  eraseNow: string;
  cancel: string;
  // Receipt
  receiptHeading: string;
  receiptOf(parts: { instance: string; time: string }): string;
  receiptPrint: string;
  receiptFile: string;
  receiptCounts: string;
  receiptCount: Record<
    'readings' | 'values' | 'healthRows' | 'annotations' | 'marks' | 'assignments' | 'devices' | 'period',
    string
  >;
  notCounted: string;
  stationId: string;
}

/** "My station" in a language. */
export function myStationTextsOf(language: Language): MyStationTexts {
  return { de: myStationDe, en: myStationEn }[language];
}
