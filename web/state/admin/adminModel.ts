import { type Signal, signal } from '@preact/signals';
import type { NoticeView } from '../../../server/domain/contract.ts';
import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import type { Refusal } from '../../i18n/host/fieldWords.ts';
import { ApiError, type ApiProblem, callApi } from '../host/ownApi.ts';

/** How often everything is asked for again, ms. */
const REFRESH_MS = 10_000;
/** Under which name this tab keeps the key. */
const TOKEN_NAME = 'buergerluft-admin';

/** A letter that comes out next, as `GET /api/v1/admin/letters/upcoming` tells it. */
export interface UpcomingLetter {
  area: { id: string; name: string };
  kind: 'week' | 'month';
  from: string;
  to: string;
  comesOutAt: string;
  status: 'waiting' | 'stopped' | 'out';
  subscribers: number;
}

/** `signed-out`: no key; `checking`: one was typed in; `open`: the overview is there. */
export type AdminState = 'signed-out' | 'checking' | 'open';

/** What became of the last thing done, and in which part of the page. */
export interface Outcome {
  part: string;
  /** Absent when it went well. */
  problem?: { problem: ApiProblem; refusal: Refusal };
}

/** State of the operator's page; views subscribe. The key is kept in this tab only and travels in a header only. */
export class AdminModel {
  readonly state: Signal<AdminState> = signal('signed-out');
  /** Why signing in did not work. */
  readonly signInProblem: Signal<ApiProblem | undefined> = signal(undefined);
  readonly overview: Signal<AdminOverview | undefined> = signal(undefined);
  readonly notices: Signal<readonly NoticeView[]> = signal([]);
  /** Absent while this server has no letters to tell of. */
  readonly letters: Signal<readonly UpcomingLetter[] | undefined> = signal(undefined);
  /** True while what is shown could not be asked for again. */
  readonly isStale: Signal<boolean> = signal(false);
  readonly isBusy: Signal<boolean> = signal(false);
  readonly outcome: Signal<Outcome | undefined> = signal(undefined);
  readonly #storage: Storage | undefined;
  #token: string | undefined;
  #timer: number | undefined;

  constructor(storage: Storage | undefined) {
    this.#storage = storage;
    this.#token = storage?.getItem(TOKEN_NAME) ?? undefined;
  }

  /** Opens the page with the key this tab has, if any, and keeps it current. Returns how to stop. */
  start(): () => void {
    if (this.#token !== undefined) void this.#open();
    this.#timer = window.setInterval(() => {
      if (this.state.peek() === 'open' && document.visibilityState === 'visible') void this.refresh();
    }, REFRESH_MS);
    return () => window.clearInterval(this.#timer);
  }

  /** Tries a key. */
  async signIn(token: string): Promise<void> {
    const typed = token.trim();
    // What could not even stand in a header is nobody's key.
    if (!/^[\w-]{1,64}$/.test(typed)) {
      this.signInProblem.value = 'no-access';
      return;
    }
    this.#token = typed;
    await this.#open();
  }

  /** True while there is a key that the server has not turned down. */
  get hasKey(): boolean {
    return this.#token !== undefined;
  }

  /** Tries the same key once more. */
  retry(): Promise<void> {
    return this.#open();
  }

  /** Forgets the key and everything seen with it. */
  signOut(): void {
    this.#token = undefined;
    this.#storage?.removeItem(TOKEN_NAME);
    this.overview.value = undefined;
    this.outcome.value = undefined;
    this.notices.value = [];
    this.letters.value = undefined;
    this.state.value = 'signed-out';
  }

  /** Asks for everything again. */
  async refresh(): Promise<void> {
    try {
      await this.#load();
      this.isStale.value = false;
    } catch (error) {
      if (asApiError(error).problem === 'no-access') {
        this.signOut();
        this.signInProblem.value = 'no-access';
      } else this.isStale.value = true;
    }
  }

  /** A request with the key. Throws `ApiError`. */
  call(method: string, path: string, body?: object): Promise<unknown> {
    const key = this.#token === undefined ? {} : { ownerKey: this.#token };
    return callApi(method, `/api/v1${path}`, body === undefined ? key : { body, ...key });
  }

  /** Begins another attempt: what became of the last one is no longer said. */
  begin(): void {
    this.outcome.value = undefined;
  }

  /** Does one thing, says in its part of the page what became of it, and looks again. True when it went well. */
  async act(part: string, work: () => Promise<unknown>): Promise<boolean> {
    this.begin();
    this.isBusy.value = true;
    try {
      await work();
      await this.refresh();
      this.outcome.value = { part };
      return true;
    } catch (error) {
      this.failed(part, error);
      return false;
    } finally {
      this.isBusy.value = false;
    }
  }

  /** Says in a part of the page why what was asked there did not work. */
  failed(part: string, error: unknown): void {
    const { problem, refusal } = asApiError(error);
    this.outcome.value = { part, problem: { problem, refusal } };
  }

  async #open(): Promise<void> {
    this.state.value = 'checking';
    this.signInProblem.value = undefined;
    try {
      await this.#load();
      if (this.#token !== undefined) this.#storage?.setItem(TOKEN_NAME, this.#token);
      this.isStale.value = false;
      this.state.value = 'open';
    } catch (error) {
      const { problem } = asApiError(error);
      // A server that is away says nothing against the key: it stays for the next attempt.
      if (problem === 'no-access') this.signOut();
      this.signInProblem.value = problem;
      this.state.value = 'signed-out';
    }
  }

  async #load(): Promise<void> {
    const [overview, { notices }, letters] = await Promise.all([
      this.call('GET', '/admin/overview') as Promise<AdminOverview>,
      this.call('GET', '/notices') as Promise<{ notices: NoticeView[] }>,
      this.#loadLetters(),
    ]);
    this.overview.value = overview;
    this.notices.value = [...notices].reverse();
    this.letters.value = letters;
  }

  /** Letters are a part of their own: without them the rest of the page still works. */
  async #loadLetters(): Promise<readonly UpcomingLetter[] | undefined> {
    try {
      return ((await this.call('GET', '/admin/letters/upcoming')) as { letters: UpcomingLetter[] }).letters;
    } catch (error) {
      if (asApiError(error).problem === 'gone') return undefined;
      throw error;
    }
  }
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('server', { detail: String(error) });
}
