import { describe, expect, it } from '@jest/globals';
import { createDeviceApp } from '../../firmware-bridge/bridge.ts';
import { createDeviceTlsServer, suitsOldFirmware } from '../../firmware-bridge/deviceTls.ts';
import { createLog } from '../../server/log.ts';
import { createHttpServers, listen, listenHttp } from '../../server/start/httpServers.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { openDoorHost } from './doorHost.ts';
import { basic, request } from './rawHttp.ts';
import { type Certificate, sClient, selfSigned, watchRecords } from './tlsClients.ts';

const LOG = createLog('fatal');

const LIMITS = { ADDRESS_LIMIT: { connections: 500, burst: 1000, perSecond: 50 }, TRUST_PROXY: false } as const;

const DEVICE = 'esp8266-15303512';
/** All that NRZ-2020-133 can speak (BEARSSL_SSL_BASIC). */
const OLD_SUITES = ['AES128-SHA256', 'AES256-SHA256', 'AES128-SHA', 'AES256-SHA'];
/** TLS 1.2 with a receive buffer of 1 kB, as the firmware has it. */
const SMALL = ['-tls1_2', '-maxfraglen', '1024'];
/** Room a record's sender may add to the 1,024 bytes: initialisation vector, authentication code, padding. */
const RECORD_OVERHEAD = 16 + 32 + 16;

async function openTls(certificate: Certificate) {
  const host = await openDoorHost();
  const device = await addStation(host.stations, DEVICE);
  const server = createDeviceTlsServer(certificate, createDeviceApp(host.bridge.router));
  const port = await listen(server, { port: 0, host: '127.0.0.1', setting: 'DEVICE_TLS_PORT' }, LOG);
  closeAfterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  let samples = 0;
  const push = () => request('POST', '/data.php', [basic(device), 'Connection: close'], airrohrBody(++samples));
  return { host, port, push };
}

describe('the device listener', () => {
  it.each(OLD_SUITES)('takes a push from firmware that has only %s and a buffer of 1 kB', async (suite) => {
    const { host, port, push } = await openTls(selfSigned('rsa'));
    const output = await sClient(port, [...SMALL, '-cipher', suite], push());
    expect(output).toContain(`Cipher is ${suite}`);
    expect(output).toContain('HTTP/1.1 204 No Content');
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('takes one from firmware that knows neither encrypt-then-MAC nor session tickets, as BearSSL', async () => {
    const { host, port, push } = await openTls(selfSigned('rsa'));
    const output = await sClient(port, [...SMALL, '-cipher', 'AES128-SHA', '-no_etm', '-no_ticket'], push());
    expect(output).toContain('HTTP/1.1 204 No Content');
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('agrees to a maximum fragment length and keeps every record below it, long certificates included', async () => {
    const { port, push } = await openTls(selfSigned('rsa', 100));
    const watched = await watchRecords(port);
    const output = await sClient(watched.port, [...SMALL, '-cipher', 'AES128-SHA256', '-tlsextdebug'], push());
    expect(output).toMatch(/TLS server extension "max fragment length" \(id=1\)/);
    expect(output).toContain('HTTP/1.1 204 No Content');
    expect(watched.lengths.length).toBeGreaterThan(8);
    expect(Math.max(...watched.lengths)).toBeLessThanOrEqual(1024 + RECORD_OVERHEAD);
  });

  it('prefers forward secrecy where the firmware has it', async () => {
    const { port, push } = await openTls(selfSigned('rsa'));
    const output = await sClient(port, ['-tls1_2', '-cipher', `AES128-SHA256:ECDHE-RSA-AES128-GCM-SHA256`], push());
    expect(output).toContain('Cipher is ECDHE-RSA-AES128-GCM-SHA256');
  });

  it.each([
    ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0']],
    ['TLS 1.0', ['-tls1', '-cipher', 'ALL:@SECLEVEL=0']],
    ['anonymous suites', ['-tls1_2', '-cipher', 'aNULL:@SECLEVEL=0']],
  ])('refuses %s', async (_what, args) => {
    const { port, push } = await openTls(selfSigned('rsa'));
    expect(await sClient(port, args, push())).toMatch(/alert|no ciphers available|wrong version|Cipher is \(NONE\)/);
  });

  it('serves the doors and nothing else', async () => {
    const { port } = await openTls(selfSigned('rsa'));
    for (const path of ['/', '/api/v1/stations', '/metrics', '/healthz']) {
      expect(await sClient(port, ['-tls1_2'], request('GET', path, ['Connection: close']))).toContain('HTTP/1.1 404 ');
    }
  });

  it('knows whether its certificate is of use to old firmware', () => {
    expect(suitsOldFirmware(selfSigned('rsa'))).toBe(true);
    expect(suitsOldFirmware(selfSigned('ec'))).toBe(false);
  });

  it('says in one line that it cannot start without a certificate', () => {
    const { cert } = selfSigned('rsa');
    const open = () => createDeviceTlsServer({ cert, key: '/nowhere.pem' }, () => undefined);
    expect(open).toThrow(/^DEVICE_TLS_CERT .* and DEVICE_TLS_KEY \/nowhere\.pem cannot be used: /);
  });
});

describe("the pages' listener", () => {
  async function openPages() {
    const { cert, key } = selfSigned('rsa');
    const config = { ...LIMITS, HTTP_PORT: 0, HTTP_HOST: '127.0.0.1', HTTPS_PORT: 0, TLS_CERT: cert, TLS_KEY: key };
    const servers = createHttpServers(config);
    const { httpsPort = 0 } = await listenHttp(servers, (_request, response) => response.end('page'), {
      config,
      log: LOG,
    });
    closeAfterTest(() => {
      for (const server of [servers.http, servers.https]) {
        server?.closeAllConnections();
        server?.close();
      }
    });
    return httpsPort;
  }
  const get = 'GET / HTTP/1.0\r\n\r\n';

  it.each([...OLD_SUITES, 'ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA256'])('never speaks %s', async (suite) => {
    const output = await sClient(await openPages(), ['-tls1_2', '-cipher', suite], get);
    expect(output).toMatch(/handshake failure/);
    expect(output).not.toContain('page');
  });

  it('speaks TLS 1.2 with forward secrecy, and TLS 1.3', async () => {
    const port = await openPages();
    expect(await sClient(port, ['-tls1_2'], get)).toMatch(/Cipher is ECDHE-RSA-AES\d+-GCM-SHA\d+/);
    expect(await sClient(port, ['-tls1_3'], get)).toMatch(/Cipher is TLS_AES_\d+_GCM_SHA\d+/);
  });
});
