const DASH = 45;

/**
 * True when the id in a body names another device than the one that signed in. Bodies name it as the bare chip id
 * (`"esp8266id": "15303512"`, hexadecimal on an ESP32) or whole (`node=esp8266-15303512`); letter case does not count.
 * A body without an id contradicts nothing.
 */
export function contradictsIdentity(claimedDeviceId: string | undefined, deviceId: string): boolean {
  if (claimedDeviceId === undefined) return false;
  // Nearly every body names its own chip just as the device signed in: no text needs to be made.
  const chipFrom = deviceId.length - claimedDeviceId.length;
  if (deviceId.endsWith(claimedDeviceId) && deviceId.charCodeAt(chipFrom - 1) === DASH) return false;
  const claimed = claimedDeviceId.toLowerCase();
  const device = deviceId.toLowerCase();
  return claimed !== device && claimed !== device.slice(device.indexOf('-') + 1);
}
