import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { StartError } from '../server/process/startError.ts';

/**
 * NRZ-2020-133 and older are built with BEARSSL_SSL_BASIC: RSA key exchange with AES-CBC and nothing else (firmware
 * `platformio.ini`). Builds since 2024 speak ECDHE, and OpenSSL prefers what stands first.
 */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
].join(':');

/** Receive buffer of the firmware's TLS, bytes. A client that asks for less by maximum fragment length gets less. */
const RECORD_BYTES = 1024;
const HANDSHAKE_MS = 20_000;

/** PEM files of the device listener. */
export interface DeviceTlsFiles {
  cert: string;
  key: string;
}

/**
 * The HTTPS listener for devices, on a port of its own: TLS 1.2 with the suites of old firmware, records small enough for
 * its buffer. Pages are never served here. Not listening yet.
 * @throws StartError when certificate or key cannot be used.
 */
export function createDeviceTlsServer({ cert, key }: DeviceTlsFiles, listener: RequestListener): Server {
  try {
    const options = { cert: readFileSync(cert), key: readFileSync(key), ciphers: CIPHERS, honorCipherOrder: true };
    const server = createServer({ ...options, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS }, listener);
    server.on('secureConnection', (socket: TLSSocket) => socket.setMaxSendFragment(RECORD_BYTES));
    return server;
  } catch (cause) {
    throw new StartError(`DEVICE_TLS_CERT ${cert} and DEVICE_TLS_KEY ${key} cannot be used: ${String(cause)}`, {
      cause,
    });
  }
}

/** True when firmware up to NRZ-2020-133 can connect: its only key exchange needs an RSA certificate. */
export function suitsOldFirmware({ cert }: DeviceTlsFiles): boolean {
  return new X509Certificate(readFileSync(cert)).publicKey.asymmetricKeyType === 'rsa';
}
