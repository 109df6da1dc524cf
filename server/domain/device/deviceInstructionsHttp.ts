import type { BothLanguages, DeviceInstructions, DeviceSetting, KeyedDevice, Reach } from './deviceInstructions.ts';

/**
 * Devices that push over HTTP. The firmware's words: `intl_de.h` and `intl_en.h` of airRohr (INTL_MORE_APIS,
 * INTL_SEND_TO_OWN_API, INTL_SEND_TO, INTL_SERVER, INTL_PATH, INTL_PORT, INTL_USER, INTL_PASSWORD).
 */

const WHERE: BothLanguages = {
  de: 'airRohr: Konfiguration, Reiter „(Weitere) APIs“',
  en: 'airRohr: Configuration, tab “(More) APIs”',
};
const SAVE: BothLanguages = {
  de: 'Danach „Speichern und neu starten“. Der erste Wert kommt etwa 2½ Minuten später.',
  en: 'Then “Save configuration and restart”. The first value comes about 2½ minutes later.',
};
const OTHERS_STAY: BothLanguages = {
  de: 'Alle anderen Ziele (sensor.community, Madavi …) können bleiben, wie sie sind.',
  en: 'All other targets (sensor.community, Madavi …) can stay as they are.',
};

/** airRohr's own API: the usual way. */
export function airrohrApi(device: KeyedDevice, reach: Reach): DeviceInstructions {
  return {
    where: WHERE,
    settings: [tick(CUSTOM_API), ...target(reach, '/data.php'), ...credentials(device)],
    notes: [SAVE, OTHERS_STAY],
  };
}

/** The same without user and password: the token stands in the path, the id in the firmware's own header. */
export function airrohrPath({ token }: KeyedDevice, reach: Reach): DeviceInstructions {
  const secret = target(reach, `/push/${token}`).map((setting) => ({ ...setting, isSecret: setting.name === PATH }));
  return {
    where: WHERE,
    settings: [tick(CUSTOM_API), ...secret, text(USER, ''), text(PASSWORD, '')],
    notes: [{ de: 'Benutzer und Passwort bleiben leer.', en: 'User and password stay empty.' }, SAVE, OTHERS_STAY],
  };
}

/** airRohr's InfluxDB target, for those whose own API is taken. */
export function airrohrInflux(device: KeyedDevice, reach: Reach): DeviceInstructions {
  return {
    where: WHERE,
    settings: [
      tick({ de: 'Senden an InfluxDB', en: 'Send to InfluxDB' }),
      ...target(reach, '/write'),
      ...credentials(device),
      text({ de: 'Measurement', en: 'Measurement' }, 'feinstaub'),
    ],
    notes: [SAVE, OTHERS_STAY],
  };
}

/** Line protocol from anything that speaks it. */
export function influxLine({ deviceId, token }: KeyedDevice, reach: Reach): DeviceInstructions {
  const { host, port, isHttps } = door(reach);
  const url = `${isHttps ? 'https' : 'http'}://${host}:${port}/write`;
  const line = `feinstaub,node=${deviceId} SDS_P1=12.40,SDS_P2=7.10`;
  return {
    where: { de: 'InfluxDB-Zeilen über HTTP, ohne Zeitangabe', en: 'InfluxDB lines over HTTP, without a time' },
    settings: [
      text({ de: 'URL', en: 'URL' }, url),
      ...credentials({ deviceId, token }),
      block(`curl -u ${deviceId}:${token} --data-binary '${line}' ${url}`, true),
    ],
    notes: [{ de: 'SDS_P1 ist PM10, SDS_P2 ist PM2,5.', en: 'SDS_P1 is PM10, SDS_P2 is PM2.5.' }],
  };
}

const CUSTOM_API: BothLanguages = { de: 'An eigene API senden', en: 'Send data to custom API' };
const PATH: BothLanguages = { de: 'Pfad', en: 'Path' };
const USER: BothLanguages = { de: 'Benutzer', en: 'User' };
const PASSWORD: BothLanguages = { de: 'Passwort', en: 'Password' };

/** Where an HTTP device sends: the listener made for old firmware when there is one. */
function door({ host, httpPort, isHttps, tlsPort }: Reach): { host: string; port: string; isHttps: boolean } {
  return tlsPort !== undefined && isHttps ? { host, port: tlsPort, isHttps: true } : { host, port: httpPort, isHttps };
}

function target(reach: Reach, path: string): DeviceSetting[] {
  const { host, port, isHttps } = door(reach);
  const https: BothLanguages = { de: 'HTTPS', en: 'HTTPS' };
  return [
    isHttps ? tick(https) : { name: https, value: '', kind: 'untick' },
    text({ de: 'Server', en: 'Server' }, host),
    text(PATH, path),
    text({ de: 'Port', en: 'Port' }, port),
  ];
}

function credentials({ deviceId, token }: KeyedDevice): DeviceSetting[] {
  return [text(USER, deviceId), { ...text(PASSWORD, token), isSecret: true }];
}

function tick(name: BothLanguages): DeviceSetting {
  return { name, value: '', kind: 'tick' };
}

function text(name: BothLanguages, value: string): DeviceSetting {
  return { name, value, kind: 'text' };
}

/** Text that is pasted as a whole. */
function block(value: string, isSecret: boolean): DeviceSetting {
  return { name: { de: '', en: '' }, value, kind: 'block', isSecret };
}
