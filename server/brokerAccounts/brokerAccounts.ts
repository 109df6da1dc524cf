import { MINUTE_MS } from '../domain/durations.ts';
import { DEVICE_ID } from '../domain/station.ts';
import type { Logger } from '../log.ts';
import { brokerClientId } from '../process/brokerClientId.ts';
import { type AccountPlan, type BrokerState, planAccounts, type Step } from './accountPlan.ts';
import { ControlError, ControlTopic } from './controlTopic.ts';
import { type AccountDirectory, OURS } from './dynsecConfig.ts';
import { alignSharedParts, type ListedClient, listAccounts } from './sharedParts.ts';

/** Pause before what failed is tried again, ms. */
const RETRY_MS = 5_000;
/** A broker without the plugin is asked again after this long, ms: it may only have been busy. */
const ABSENT_MS = MINUTE_MS;
/** Changes within this time are looked at together, ms. */
const GATHER_MS = 20;

/** What keeps the accounts. */
export interface BrokerAccountsOptions {
  url: string;
  username: string | undefined;
  password: string | undefined;
  /** Name of this process among several of one instance. */
  nodeId: string;
  directory: AccountDirectory;
  /** Account of the firmware bridges, kept too when its password is known. */
  bridge: { username: string; password: string | undefined };
  /**
   * Told which devices cannot be brought in line over the control topic, so that the whole file must be written, and the
   * accounts at the broker that are not ours; again whenever that changes.
   */
  onLacking: (lacking: readonly string[], foreign: readonly string[]) => void;
  log: Logger;
  retryMs?: number;
  answerMs?: number;
}

/**
 * Keeps the accounts of a Mosquitto with the dynamic security plugin true to the registry, in single changes over its
 * control topic: a new station's device can sign in at once, a former token and its connection end. After every
 * connection all accounts are compared. A broker without the plugin, or one whose account for us may not use it, is left
 * alone.
 */
export class BrokerAccounts {
  readonly #options: BrokerAccountsOptions;
  readonly #control: ControlTopic;
  /** Tokens in clear, only until the broker has them. */
  readonly #tokens = new Map<string, string>();
  readonly #stops: (() => void)[] = [];
  #state: BrokerState | undefined;
  #foreign: string[] = [];
  #lacking: readonly string[] = [];
  #lastRefusal: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isAgain = false;
  #isPluginAbsent = false;
  #isClosed = false;

  constructor(options: BrokerAccountsOptions) {
    const { url, username, password, nodeId, answerMs } = options;
    this.#options = options;
    this.#control = new ControlTopic({
      ...{ url, username, password, clientId: brokerClientId(`buergerluft-${nodeId}-accounts`, password) },
      ...(answerMs !== undefined && { answerMs }),
      onConnected: () => this.#again(),
    });
  }

  /** Begins to connect and to follow the registry. */
  start(): void {
    const { directory } = this.#options;
    this.#stops.push(
      directory.onChange(() => {
        if (!this.#isPluginAbsent) this.#soon(GATHER_MS);
      }),
    );
    this.#stops.push(
      directory.onIssued((deviceId, token) => {
        if (!this.#isPluginAbsent) this.#tokens.set(deviceId, token);
      }),
    );
    this.#control.start();
  }

  /** Devices that cannot sign in at the broker until it takes the whole file. */
  get lacking(): number {
    return this.#lacking.length;
  }

  /** Ends; what the broker has not been told it is told at the next start, or through the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    await this.#control.close();
    await this.#running;
  }

  /** A new connection: what was known of the broker may be so no longer. */
  #again(): void {
    this.#state = undefined;
    this.#soon(0);
  }

  #soon(ms: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), ms).unref();
  }

  /** One run at a time; what comes meanwhile is looked at when it ends. */
  #run(): void {
    if (this.#running !== undefined) {
      this.#isAgain = true;
      return;
    }
    this.#running = this.#align().finally(() => {
      this.#running = undefined;
      if (this.#isAgain) this.#soon(0);
      this.#isAgain = false;
    });
  }

  async #align(): Promise<void> {
    if (!this.#control.isConnected) return;
    try {
      this.#state ??= await this.#readState();
      if (this.#state === undefined) return;
      await this.#work(this.#state);
      this.#lastRefusal = undefined;
    } catch (error) {
      if (this.#isClosed || !this.#control.isConnected) return;
      this.#state = undefined;
      // The same refusal again and again would fill the log.
      const level = String(error) === this.#lastRefusal ? 'debug' : 'warn';
      this.#lastRefusal = String(error);
      this.#options.log[level]({ err: error }, 'the accounts at the broker are not in line yet; it is tried again');
      this.#soon(this.#options.retryMs ?? RETRY_MS);
    }
  }

  /** What the broker has; undefined when it has no plugin for us. */
  async #readState(): Promise<BrokerState | undefined> {
    const { username, log } = this.#options;
    let accounts: Awaited<ReturnType<typeof listAccounts>>;
    try {
      await this.#control.listen();
      accounts = await listAccounts(this.#control);
      this.#isPluginAbsent = false;
    } catch (error) {
      if (this.#isClosed || !this.#control.isConnected) return undefined;
      if (!this.#isPluginAbsent) {
        log.info({ err: error }, "the broker's dynamic security is not ours to change: its accounts are kept by hand");
      }
      this.#isPluginAbsent = true;
      this.#tokens.clear();
      this.#soon(ABSENT_MS);
      return undefined;
    }
    const { clients, roles } = accounts;
    await alignSharedParts(this.#control, roles);
    await this.#alignServices(clients);
    const ours = clients.filter(({ textname }) => textname === OURS);
    const named = clients.filter((client) => client.textname !== OURS && DEVICE_ID.test(client.username));
    const { bridge } = this.#options;
    const services = [username, bridge.username];
    const isForeign = ({ textname, username: name }: ListedClient) =>
      textname !== OURS && !services.includes(name) && !DEVICE_ID.test(name);
    const others = clients.filter(isForeign);
    this.#foreign = others.map((client) => client.username);
    const marks = new Map(named.map((client) => [client.username, '']));
    for (const { username: name, textdescription = '' } of ours) marks.set(name, textdescription);
    return { roles, marks, ours: new Set(ours.map((client) => client.username)) };
  }

  /** Our own account may do everything; a bridge's account is made when it is missing. */
  async #alignServices(clients: readonly ListedClient[]): Promise<void> {
    const { username, bridge } = this.#options;
    if (bridge.password !== undefined && !clients.some((client) => client.username === bridge.username)) {
      const roles = [{ rolename: 'bridge' }];
      await this.#control.ask({ command: 'createClient', ...bridge, roles });
    }
    const own = clients.find((client) => client.username === username);
    if (own?.roles?.some(({ rolename }) => rolename === 'server') ?? true) return;
    // Mosquitto ends our connections over this; the next one finds the role.
    await this.#control.ask({ command: 'addClientRole', username, rolename: 'server' });
  }

  /**
   * One device after the other, until nothing is to be done; one that the broker refuses does not hold up the others.
   * @throws ControlError the last refusal, when there was one.
   */
  async #work(state: BrokerState): Promise<void> {
    const refused = new Map<string, ControlError>();
    for (;;) {
      const { steps, lacking } = this.#plan(state);
      const step = steps.find(({ username }) => !refused.has(username));
      if (step === undefined) {
        const [, error] = [...refused].at(-1) ?? [];
        if (error !== undefined) throw error;
        this.#tokens.clear();
        this.#tell(lacking);
        return;
      }
      try {
        await this.#take(step, state);
      } catch (error) {
        if (!(error instanceof ControlError) || !this.#control.isConnected) throw error;
        refused.set(step.username, error);
      }
    }
  }

  #plan(state: BrokerState): AccountPlan {
    return planAccounts(this.#options.directory.credentials(), state, this.#tokens);
  }

  async #take({ username, commands, mark }: Step, state: BrokerState): Promise<void> {
    for (const command of commands) await this.#control.ask(command);
    if (mark === undefined) {
      for (const known of [state.marks, state.roles, state.ours]) known.delete(username);
      return;
    }
    state.marks.set(username, mark);
    state.roles.add(username);
    state.ours.add(username);
  }

  #tell(lacking: readonly string[]): void {
    const isNews = lacking.join() !== this.#lacking.join();
    this.#lacking = lacking;
    if (isNews && lacking.length > 0) this.#options.onLacking(lacking, this.#foreign);
  }
}
