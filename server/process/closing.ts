/** Undoes a start: what was opened last is closed first, whether the start came to its end or not. */
export class Closing {
  readonly #onError: (error: unknown, what: string) => void;
  readonly #steps: { what: string; close: () => unknown }[] = [];
  #closed: Promise<void> | undefined;

  constructor(onError: (error: unknown, what: string) => void) {
    this.#onError = onError;
  }

  /** Remembers how to close what was just opened. */
  push(what: string, close: () => unknown): void {
    this.#steps.push({ what, close });
  }

  /** Closes everything, once; a step that fails does not keep the others open. */
  close(): Promise<void> {
    this.#closed ??= this.#run();
    return this.#closed;
  }

  async #run(): Promise<void> {
    for (const { what, close } of this.#steps.reverse()) {
      try {
        await close();
      } catch (error) {
        this.#onError(error, what);
      }
    }
  }
}
