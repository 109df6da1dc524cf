/** Whose readings the demo shows, and that they are old ones. */
export interface DemoCredit {
  /** Sources, to be shown with the label. */
  credit: string;
  /** SPDX expression of the recording. */
  licence: string;
  textDe: string;
  textEn: string;
  /** When the recording last began anew, epoch ms; absent in its first round. */
  loopedAt?: number;
}

/** The label every page carries while the demo runs. */
export const DEMO_CREDIT: DemoCredit = {
  credit:
    'Sensor.Community (formerly known as Luftdaten.info), https://sensor.community/, ' +
    'by way of kwmc-lucas/bristol-air-quality (Bristol); kreier/aqi (Nhà Bè)',
  licence: 'ODbL-1.0 AND MIT',
  textDe:
    'Vorführung: echte Messungen aus Bristol (Herbst 2018, Bonfire Night) und aus Nhà Bè in Vietnam (Oktober 2018), ' +
    'abgespielt, als wären sie von heute. Keine aktuellen Werte.',
  textEn:
    'Demonstration: real measurements from Bristol (autumn 2018, Bonfire Night) and from Nhà Bè in Vietnam (October ' +
    '2018), replayed as if they were of today. Not current values.',
};

/** The label once the recording has begun anew: the jump in every chart has to be explained. */
export function loopedCredit(loopedAt: number): DemoCredit {
  const at = new Date(loopedAt).toISOString().slice(0, 16).replace('T', ' ');
  return {
    ...DEMO_CREDIT,
    textDe: `${DEMO_CREDIT.textDe} Die Aufzeichnung begann am ${at} UTC wieder von vorn.`,
    textEn: `${DEMO_CREDIT.textEn} The recording began again at ${at} UTC.`,
    loopedAt,
  };
}
