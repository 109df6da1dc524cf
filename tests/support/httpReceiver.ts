import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAfterTest } from './closing.ts';

/** What came in. */
export interface ReceivedPost {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server that notes what it gets. */
export interface HttpReceiver {
  port: number;
  url: string;
  posts: ReceivedPost[];
  /** What it answers; by default 200 and, to a challenge, the challenge. */
  answer: (post: ReceivedPost) => { status: number; body?: string; headers?: Record<string, string> };
}

/** Starts it on a free port of this machine; closed after the test. */
export async function startHttpReceiver(): Promise<HttpReceiver> {
  const receiver: HttpReceiver = { port: 0, url: '', posts: [], answer: echoChallenge };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const post = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      receiver.posts.push(post);
      const { status, body: answer = '', headers } = receiver.answer(post);
      response.writeHead(status, headers).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.port = (server.address() as AddressInfo).port;
  receiver.url = `http://127.0.0.1:${receiver.port}`;
  closeAfterTest(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return receiver;
}

/** What a webhook that wants our messages does. */
function echoChallenge({ body }: ReceivedPost) {
  const { challenge = '' } = JSON.parse(body) as { challenge?: string };
  return { status: 200, body: challenge };
}
