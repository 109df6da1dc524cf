import type { LiveSocket } from '../liveConnection.ts';

/** A socket to this server, not yet connected. WebSocket first: long polling would cost a round trip more to be live. */
export async function openLiveSocket(): Promise<LiveSocket> {
  const { io } = await import('socket.io-client');
  return io({ autoConnect: false, transports: ['websocket', 'polling'] });
}
