/** A request that cannot be answered; the message is one sentence for its sender. */
export class SensorThingsError extends Error {
  override name = 'SensorThingsError';
  readonly status: 400 | 404 | 501;

  constructor(status: 400 | 404 | 501, message: string) {
    super(message);
    this.status = status;
  }
}
