import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A self-signed certificate in `folder` that lasts `days`, made by openssl; one of before is replaced. */
export function makeCertificate(folder: string, days: number): { cert: string; key: string } {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=luft.example.org', '-days', String(days)];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...ec, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  return { cert, key };
}
