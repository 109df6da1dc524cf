import type { AuthenticateError, Client } from 'aedes';
import type { Device } from '../domain/station.ts';
import type { DeviceTopic } from '../domain/topics.ts';
import { isSameHash, keyHash } from '../process/keys.ts';
import type { ClosedConnections } from './closedConnections.ts';
import type { HoldingConnection } from './heldPublishes.ts';
import type { AcknowledgedConnection } from './pubackWriter.ts';

/** MQTT 3.1.1 section 3.2.2.3, the CONNACK return codes we use. */
const IDENTIFIER_REJECTED = 2;
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

/** A signed-in connection. */
export interface Session extends HoldingConnection, AcknowledgedConnection {
  user: string;
  /** A service account: our own processes and the operator. May use every topic. */
  isService: boolean;
  /** The topic it published to last, as text and bytes, and what that is. */
  lastTopic?: { text: string; bytes: Uint8Array; topic: DeviceTopic | undefined };
  /** Where the device stood when it signed in; absent for a service account. */
  stationId?: string;
  /** False once the account's name or token is no longer good. */
  isStillGood: () => boolean;
}

/** Who may sign in. */
export interface Accounts {
  /** The device if the token is its own. */
  authenticateDevice(deviceId: string, token: string): Device | undefined;
  /** The service account, when there is one. */
  service?: { username: string; password: string } | undefined;
}

/** Who is signed in at the broker, by connection and by client id. */
export class Sessions {
  readonly #accounts: Accounts;
  readonly #closed: ClosedConnections;
  readonly #byClient = new Map<Client, Session>();
  readonly #holderOfId = new Map<string, Client>();

  constructor(accounts: Accounts, closed: ClosedConnections) {
    this.#accounts = accounts;
    this.#closed = closed;
  }

  /** Signed-in connections. */
  get size(): number {
    return this.#byClient.size;
  }

  /** The connection's session, while it lasts. */
  of(client: Client): Session | undefined {
    return this.#byClient.get(client);
  }

  /**
   * Signs a connection in, or says why not, as CONNACK does. A client id that another user holds is refused: the
   * protocol would let the newcomer push the holder out.
   */
  signIn(client: Client, username: string | undefined, password: Buffer | undefined): Session | AuthenticateError {
    if (username === undefined || password === undefined) return refusal(NOT_AUTHORIZED, 'anonymous');
    // Its end would never be heard of, and it would stay signed in for good.
    if (client.conn.destroyed) return refusal(NOT_AUTHORIZED, 'gone');
    const token = password.toString();
    const isService = this.#isService(username, token);
    const device = isService ? undefined : this.#accounts.authenticateDevice(username, token);
    if (!isService && device === undefined) return refusal(BAD_USER_NAME_OR_PASSWORD, 'wrong name or token');
    const holder = this.#holderOfId.get(client.id);
    if (holder !== undefined && this.#byClient.get(holder)?.user !== username) {
      return refusal(IDENTIFIER_REJECTED, 'client id in use by another user');
    }
    // The broker ends the holder's connection.
    if (holder !== undefined) this.#closed.note(holder.conn, 'taken-over');
    const close: Session['close'] = (reason) => this.#closed.close(client.conn, reason);
    const session: Session = { user: username, isService, held: 0, pubacks: [], close, isStillGood: () => true };
    if (device !== undefined) {
      session.stationId = device.stationId;
      session.isStillGood = () => this.#accounts.authenticateDevice(username, token) !== undefined;
    }
    return this.#add(client, session);
  }

  /** Closes the connections at these stations whose token was changed or revoked. */
  recheck(stationIds: ReadonlySet<string>): void {
    for (const session of this.#byClient.values()) {
      if (session.stationId !== undefined && stationIds.has(session.stationId) && !session.isStillGood())
        session.close('token-revoked');
    }
  }

  #add(client: Client, session: Session): Session {
    this.#byClient.set(client, session);
    this.#holderOfId.set(client.id, client);
    client.conn.once('close', () => {
      this.#byClient.delete(client);
      if (this.#holderOfId.get(client.id) === client) this.#holderOfId.delete(client.id);
    });
    return session;
  }

  #isService(username: string, password: string): boolean {
    const { service } = this.#accounts;
    if (service === undefined || username !== service.username) return false;
    return isSameHash(keyHash(password), keyHash(service.password));
  }
}

function refusal(returnCode: number, message: string): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}
