import type { ListenOptions, Server } from 'node:net';

/**
 * Opens a server's port or socket. What fails at it later, such as taking in a connection, is told to `onError` and ends nothing.
 * @throws the server's error when it cannot be opened.
 */
export async function openServer(server: Server, at: ListenOptions, onError: (error: Error) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', onError);
}
