/** A request that cannot be answered; the message is one sentence for its sender. */
export class SensorThingsError extends Error {
  override name = 'SensorThingsError';
  readonly status: 400 | 404 | 501;

  constructor(status: 400 | 404 | 501, message: string) {
    super(message);
    this.status = status;
  }
}

/** An answer would hold more entities than one may, the expanded ones counted. */
export class AnswerFullError extends SensorThingsError {
  constructor(maxEntities: number) {
    super(400, `An answer holds at most ${maxEntities} entities: ask for less with $top.`);
  }
}
