/** An MQTT packet: first byte, length, body. */
export function packet(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

/** Two bytes, high one first. */
function twoBytes(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

/** The beginning of a publish's body: its topic, and its id unless `first` is that of one with QoS 0. */
export function publishHead(first: number, topic: string, id: number): Buffer {
  const isAcknowledged = (first & 6) !== 0;
  const topicBytes = Buffer.from(topic);
  return Buffer.concat([twoBytes(topicBytes.length), topicBytes, ...(isAcknowledged ? [twoBytes(id)] : [])]);
}

/** A CONNECT of MQTT 3.1.1 with a clean session. */
export function connectBytes(login: { clientId: string; deviceId: string; token: string; keepAliveS: number }): Buffer {
  const text = (value: string) => Buffer.concat([twoBytes(Buffer.byteLength(value)), Buffer.from(value)]);
  const [nameAndToken, cleanSession] = [0xc0, 0x02];
  const head = [text('MQTT'), Buffer.from([4, nameAndToken | cleanSession]), twoBytes(login.keepAliveS)];
  return packet(0x10, Buffer.concat([...head, text(login.clientId), text(login.deviceId), text(login.token)]));
}
