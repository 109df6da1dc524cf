import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

const TIMEOUT_MS = 5_000;

/** When the certificate in a PEM file ends, epoch ms. Throws when there is none to be read. */
export function endOfCertificateFile(path: string): number {
  return Date.parse(new X509Certificate(readFileSync(path)).validTo);
}

/** The certificate a server shows, checked as a browser does unless `isChecked` is false: one that ended can be read too. */
export function certificateAt(
  { host, port }: { host: string; port: number },
  isChecked = true,
): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const how = { host, port, timeout: TIMEOUT_MS, rejectUnauthorized: isChecked };
    // An address is no name to ask for.
    const socket = connectTls(isIP(host) ? how : { ...how, servername: host }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.end();
      if (certificate === undefined) reject(new Error(`${host} shows no certificate.`));
      else resolve(certificate);
    });
    socket.once('timeout', () => socket.destroy(new Error(`${host}:${port} does not answer.`)));
    socket.once('error', reject);
  });
}
