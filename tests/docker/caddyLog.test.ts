import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, it } from '@jest/globals';
import { closeAfterTest } from '../support/closing.ts';
import { startStackCaddy } from '../support/stack.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** An answer that never ends, as a long download is to somebody who leaves. */
async function startEndlessAnswers(): Promise<string> {
  const server = createServer((_request, response) => {
    const piece = Buffer.alloc(65_536, 'x');
    const more = () => {
      while (response.write(piece));
    };
    response.on('drain', more);
    response.on('error', () => undefined);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Somebody who goes away while an answer comes: a closed page, a lost network. */
async function leaveWhileReading(httpsPort: number): Promise<void> {
  const raw: Socket = connect(httpsPort, '127.0.0.1');
  const secure = connectTls({ socket: raw, servername: 'localhost', rejectUnauthorized: false });
  secure.on('error', () => undefined);
  secure.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(secure, 'data').catch(() => undefined);
  raw.resetAndDestroy();
}

it("writes no visitor's address when one of them leaves in the middle of an answer", async () => {
  const server = await startEndlessAnswers();
  const caddy = await startStackCaddy(temporaryFolder(), { env: { DOMAIN: 'localhost' }, server, bridge: server });
  await until('Caddy has a certificate', () => existsSync(caddy.rootCertificate));
  const cutOff = () =>
    caddy
      .output()
      .split('\n')
      .filter((line) => line.includes('aborting with incomplete response'));
  // It may notice by itself that somebody is gone (`context canceled`), or by the write that fails: that one names addresses.
  await until('it says that an answer could not be written', async () => {
    // Before its certificate is there it takes no connection.
    await Promise.race([leaveWhileReading(caddy.httpsPort), once(AbortSignal.timeout(500), 'abort')]);
    return cutOff().some((line) => line.includes('write tcp'));
  });
  expect(cutOff().map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ error: expect.stringMatching(/^write tcp \.\.\.: /) }),
  );
  expect(cutOff().join()).not.toContain('127.0.0.1');
});
