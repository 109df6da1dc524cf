import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ApiError, callApi } from '../../web/state/host/ownApi.ts';
import { closeAfterTest } from '../support/closing.ts';

/** A server whose answer breaks off after its first bytes. */
async function startBrokenServer(status: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': 100 });
    response.write('{"places":', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a request of one’s own', () => {
  it('whose answer breaks off has no answer', async () => {
    const failed = await callApi('GET', await startBrokenServer(200)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ApiError);
    expect((failed as ApiError).problem).toBe('offline');
  });

  it('that is refused is refused, also where the reason breaks off', async () => {
    const failed = await callApi('GET', await startBrokenServer(404)).catch((error: unknown) => error);
    expect((failed as ApiError).problem).toBe('gone');
  });
});
