import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirError } from '../process/dataDirLock.ts';

/** DER in front of a raw Ed25519 public key (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** The key that vouches for this instance's citations. */
export interface InstanceKey {
  /** Raw public key, 32 bytes, hex. */
  publicKey: string;
  /** Signature over the text in UTF-8, hex. */
  sign(text: string): string;
}

/** Reads the key from `DATA_DIR/citation-key` (mode 0600, PKCS #8); made at the first start. */
export function loadInstanceKey(dataDir: string): InstanceKey {
  const path = join(dataDir, 'citation-key');
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  return instanceKey(readKey(path));
}

/** A key pair in use. */
export function instanceKey(privateKey: KeyObject): InstanceKey {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    publicKey: der.subarray(SPKI_HEAD.length).toString('hex'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('hex'),
  };
}

/** True when `signature` (hex) is the key's over `text`. False for anything malformed. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(publicKey) || !/^[0-9a-f]{128}$/.test(signature)) return false;
  const key = createPublicKey({
    key: Buffer.concat([SPKI_HEAD, Buffer.from(publicKey, 'hex')]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex'));
}

function readKey(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new DataDirError(
      `${path} holds no key: restore it from a backup, or delete it and new citations get a new one.`,
      {
        cause,
      },
    );
  }
}
