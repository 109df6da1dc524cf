/** Whose readings the demo shows, and that they are old ones. */
export interface DemoCredit {
  /** Sources, to be shown with the label. */
  credit: string;
  /** SPDX expression of the recording. */
  licence: string;
  textDe: string;
  textEn: string;
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
