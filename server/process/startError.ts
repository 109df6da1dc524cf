/** The program cannot start; the message is one line for the operator and says what helps. */
export class StartError extends Error {
  override name = 'StartError';
}

/** What a failed `listen` means to an operator. `setting` is the one that chooses the port. */
export function listenError(cause: unknown, port: number | undefined, setting: string): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} is taken by another program: stop it or set another ${setting}.`, { cause });
    case 'EACCES':
      return new StartError(`Port ${port} needs rights this user does not have: set another ${setting}.`, { cause });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`This machine has no such address: check HTTP_HOST.`, { cause });
    default:
      return cause instanceof Error ? cause : new Error(String(cause));
  }
}
