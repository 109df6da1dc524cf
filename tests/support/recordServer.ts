import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAfterTest } from './closing.ts';

/** A stand-in for data.sensor.community; what it answers can be changed while it runs. */
export interface RecordServer {
  status: number;
  body: string;
  /** `Last-Modified`; asked with the same in `If-Modified-Since` it answers 304. */
  modified: string;
  /** Further headers of each answer. */
  headers: Record<string, string>;
  /** Every request so far. */
  requests: IncomingMessage[];
  /** Address of its file. */
  url: string;
}

/** Starts a stand-in for data.sensor.community on a free port; closed after the test. */
export async function startRecordServer(body = '[]'): Promise<RecordServer> {
  const upstream: RecordServer = {
    ...{ status: 200, body, modified: 'Thu, 26 Nov 2026 12:00:00 GMT' },
    ...{ headers: {}, requests: [], url: '' },
  };
  const server = createServer((request, response) => {
    upstream.requests.push(request);
    const isHeld = request.headers['if-modified-since'] === upstream.modified;
    const status = upstream.status === 200 && isHeld ? 304 : upstream.status;
    response.writeHead(status, {
      'Last-Modified': upstream.modified,
      'Content-Type': 'application/json',
      ...upstream.headers,
    });
    response.end(status === 200 ? upstream.body : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => server.close());
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/static/v1/data.json`;
  return upstream;
}
