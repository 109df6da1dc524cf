import { connect, type MqttClient } from 'mqtt';

/** Where Mosquitto's dynamic security plugin takes commands, and where it answers whoever asked. */
const COMMANDS = '$CONTROL/dynamic-security/v1';
const ANSWERS = `${COMMANDS}/response`;

const RECONNECT_MS = 2_000;

/** One command of the plugin; its fields are those of the plugin's documentation. */
export interface Command {
  command: string;
  [field: string]: unknown;
}

/** The broker did not do what it was asked, or did not answer. */
export class ControlError extends Error {
  override name = 'ControlError';
}

/** What the control topic needs. */
export interface ControlTopicOptions {
  url: string;
  username: string | undefined;
  password: string | undefined;
  clientId: string;
  /** Called at each connection, when commands can be sent. */
  onConnected: () => void;
  /** Longest wait for an answer, ms. With 15,000 accounts a change takes Mosquitto 0.15 s, because it writes its whole file. */
  answerMs?: number;
}

interface Question {
  resolve: (data: unknown) => void;
  reject: (error: ControlError) => void;
  timer: NodeJS.Timeout;
}

/** Asks Mosquitto's dynamic security plugin over a connection of its own, so that the readings never wait for it. */
export class ControlTopic {
  readonly #options: ControlTopicOptions;
  readonly #questions = new Map<string, Question>();
  #client: MqttClient | undefined;
  #asked = 0;

  constructor(options: ControlTopicOptions) {
    this.#options = options;
  }

  /** Begins to connect, and goes on trying. That the broker is away is told by who takes its readings. */
  start(): void {
    const { url, username, password, clientId } = this.#options;
    const client = connect(url, {
      ...{
        protocolVersion: 5,
        clientId,
        resubscribe: false,
        queueQoSZero: false,
        reconnectPeriod: RECONNECT_MS,
        reconnectOnConnackError: true,
      },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('connect', () => void this.#options.onConnected());
    client.on('close', () => this.#dropAll('the connection to the broker ended'));
    client.on('message', (_topic, payload) => this.#answered(String(payload)));
  }

  /** True while the broker is there. */
  get isConnected(): boolean {
    return this.#client?.connected === true;
  }

  /** Asks for the answers. @throws when the account may not read them. */
  async listen(): Promise<void> {
    await this.#client?.subscribeAsync(ANSWERS, { qos: 1 });
  }

  /** What the plugin answers to a command. @throws ControlError with the plugin's own words, or when no answer comes. */
  ask(command: Command): Promise<unknown> {
    const correlationData = String(++this.#asked);
    return new Promise((resolve, reject) => {
      const giveUp = () => this.#settle(correlationData, ({ reject: drop }) => drop(new ControlError('no answer')));
      const timer = setTimeout(giveUp, this.#options.answerMs ?? 15_000);
      this.#questions.set(correlationData, { resolve, reject, timer });
      const payload = JSON.stringify({ commands: [{ ...command, correlationData }] });
      this.#client?.publish(COMMANDS, payload, { qos: 1 }, (error) => {
        if (error) this.#settle(correlationData, ({ reject: drop }) => drop(new ControlError(error.message)));
      });
    });
  }

  /** Disconnects. */
  async close(): Promise<void> {
    this.#dropAll('the server stops');
    await this.#client?.endAsync(true);
  }

  #answered(text: string): void {
    const { responses = [] } = parsed(text) as {
      responses?: { correlationData?: string; error?: string; data?: unknown }[];
    };
    for (const { correlationData = '', error, data } of responses) {
      this.#settle(correlationData, ({ resolve, reject }) => {
        if (error === undefined) resolve(data);
        else reject(new ControlError(error));
      });
    }
  }

  #settle(correlationData: string, how: (question: Question) => void): void {
    const question = this.#questions.get(correlationData);
    if (question === undefined) return;
    this.#questions.delete(correlationData);
    clearTimeout(question.timer);
    how(question);
  }

  #dropAll(why: string): void {
    for (const asked of [...this.#questions.keys()]) {
      this.#settle(asked, ({ reject }) => reject(new ControlError(why)));
    }
  }
}

/** What the broker wrote; an empty object for what is no JSON, which then counts as no answer. */
function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
