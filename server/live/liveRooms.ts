import type { Socket } from 'socket.io';
import type { LayerName } from './mapLayers.ts';

/** Names of the socket rooms, and how many of a kind one browser may be in. A room is its kind, a space and what it is about. */

/** Things one browser may follow at once. */
const MAX_ROOMS = { map: 6, station: 12, onboarding: 3 } as const;

/** Who watches a map layer. */
export function mapRoom({ quantity, average }: LayerName): string {
  return `map ${quantity} ${average}`;
}

/** The layers among rooms. */
export function layersOf(rooms: Iterable<string>): LayerName[] {
  return [...rooms].filter((room) => room.startsWith('map ')).map(layerOfRoom);
}

function layerOfRoom(room: string): LayerName {
  const [, quantity, average] = room.split(' ');
  return { quantity, average } as LayerName;
}

/** Who is on a station's page. */
export function stationRoom(stationId: string): string {
  return `station ${stationId}`;
}

/** The host who watches a device's first steps. */
export function onboardingRoom(stationId: string): string {
  return `onboarding ${stationId}`;
}

/** Enters a room; answers with a problem when the browser is in too many of the kind. */
export function join(socket: Socket, room: string, kind: keyof typeof MAX_ROOMS): string | undefined {
  if (socket.rooms.has(room)) return undefined;
  const followed = [...socket.rooms].filter((name) => name.startsWith(`${kind} `)).length;
  if (followed >= MAX_ROOMS[kind]) return `at most ${MAX_ROOMS[kind]} subscriptions of this kind`;
  // In memory this happens at once; only other adapters return a promise.
  void socket.join(room);
  return undefined;
}

/** Leaves a room. */
export function leave(socket: Socket, room: string): undefined {
  void socket.leave(room);
}
