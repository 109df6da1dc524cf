import { type Signal, signal } from '@preact/signals';
import type { OnboardingStep } from '../../../server/domain/contract.ts';
import type { LiveSocket } from '../../liveConnection.ts';
import { callApi } from './ownApi.ts';
import type { OwnerLink } from './ownerLink.ts';

/** What the watch works with. */
export interface FirstValueOptions {
  link: OwnerLink;
  createSocket: () => Promise<LiveSocket>;
}

/** Follows what the server sees of a device. The server sends all steps again after each watch, so nothing is lost. */
export class FirstValueWatch {
  readonly steps: Signal<readonly OnboardingStep[]> = signal([]);
  readonly connection: Signal<'connecting' | 'live' | 'lost'> = signal('connecting');
  /** Time of the newest reading the server has, ISO 8601; what is left when the steps were forgotten. */
  readonly lastSeenAt: Signal<string | undefined> = signal(undefined);
  readonly isPublic: Signal<boolean | undefined> = signal(undefined);
  readonly #options: FirstValueOptions;
  #socket: LiveSocket | undefined;
  #isClosed = false;

  constructor(options: FirstValueOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const socket = await this.#options.createSocket();
    if (this.#isClosed) return;
    this.#socket = socket;
    socket.on('connect', this.#onConnect);
    socket.on('disconnect', this.#onLost);
    socket.on('connect_error', this.#onLost);
    socket.on('onboarding:step', this.#onStep);
    socket.connect();
  }

  /** Undoes `start`. */
  close(): void {
    this.#isClosed = true;
    const socket = this.#socket;
    if (!socket) return;
    socket.off('connect', this.#onConnect);
    socket.off('disconnect', this.#onLost);
    socket.off('connect_error', this.#onLost);
    socket.off('onboarding:step', this.#onStep);
    socket.disconnect();
    this.#socket = undefined;
  }

  #onConnect = (): void => {
    this.#socket?.emit('onboarding:watch', this.#options.link, (problem) => {
      this.connection.value = problem ? 'lost' : 'live';
    });
    void this.#lookUp();
  };

  #onLost = (): void => {
    this.connection.value = 'lost';
  };

  #onStep = (step: OnboardingStep): void => {
    const known = this.steps.peek();
    const isKnown = known.some((other) => JSON.stringify(other) === JSON.stringify(step));
    if (!isKnown) this.steps.value = [...known, step];
  };

  async #lookUp(): Promise<void> {
    const { stationId, ownerKey } = this.#options.link;
    try {
      const station = (await callApi('GET', `/api/v1/stations/${stationId}`, { ownerKey })) as {
        properties: { lastSeenAt: string | null; status: string };
      };
      this.lastSeenAt.value = station.properties.lastSeenAt ?? undefined;
      this.isPublic.value = station.properties.status === 'active';
    } catch (error) {
      // The socket says more, and the next connect asks again.
      console.warn('The station could not be looked up', error);
    }
  }
}
