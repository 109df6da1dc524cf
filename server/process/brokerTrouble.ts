import type { MqttClient } from 'mqtt';
import { HOUR_MS } from '../domain/durations.ts';
import type { Logger } from '../log.ts';

/** Pause before a broker that let us in and not subscribe or publish is asked again, ms. */
export const REFUSED_MS = 5_000;

/** A connection that ends within so long of its sign-in was not let live, ms. */
const SHORT_MS = 5_000;
/** So many of those in a row are no accident. */
const SHORT_IN_A_ROW = 5;

const NOT_AUTHORIZED_TEXT =
  'the broker does not let MQTT_USERNAME subscribe or publish; it is tried again. With dynamic security the server gives itself its role at its first start; without, allow it all topics';
const SHORT_LIVED_TEXT =
  'the broker ends each connection as soon as it is made: most likely another process has this NODE_ID too, and each ends what the other has; give each its own';

/** A broker outside lets us in and ends the connection, again and again. */
class ShortLivedError extends Error {}

/**
 * Calls `tell` when connection after connection ends as soon as it is made, at most once an hour. Mosquitto gives no reason when
 * another client signs in under the same client id, and both come back at once.
 */
export function whenShortLived(client: MqttClient, tell: (error: Error) => void): void {
  let connectedAt: number | undefined;
  let inARow = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  client.on('connect', () => {
    connectedAt = performance.now();
  });
  client.on('close', () => {
    if (connectedAt === undefined) return;
    const now = performance.now();
    inARow = now - connectedAt < SHORT_MS ? inARow + 1 : 0;
    connectedAt = undefined;
    if (inARow < SHORT_IN_A_ROW || now - toldAt < HOUR_MS) return;
    toldAt = now;
    tell(new ShortLivedError(SHORT_LIVED_TEXT));
  });
}

/** Logs what went wrong at a broker outside; `what` is said of what has no words of ours. */
export function logBrokerTrouble(log: Pick<Logger, 'warn'>, error: Error, what: string): void {
  if (/ error: Not authorized$/.test(error.message)) log.warn(NOT_AUTHORIZED_TEXT);
  else if (error instanceof ShortLivedError) log.warn(error.message);
  else log.warn({ err: error }, what);
}
