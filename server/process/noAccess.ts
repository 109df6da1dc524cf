/** Errors of the operating system that say so. */
const CODES: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM']);

/**
 * One line for an operator who is not the user the instance belongs to: its folder and `.env` are for that one alone. Undefined for
 * any other error.
 */
export function noAccessText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !CODES.has(error.code)) return undefined;
  const { path } = error as NodeJS.ErrnoException;
  if (path === undefined) return undefined;
  return `This user may not use ${path} (${error.code}). Run it as the user of the server: sudo -u <user> ...`;
}
