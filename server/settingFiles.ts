import { accessSync, constants, statSync } from 'node:fs';

/** Settings that name a file which must be there when the server starts. */
const FILE_SETTINGS = [
  'TLS_CERT',
  'TLS_KEY',
  'DEVICE_TLS_CERT',
  'DEVICE_TLS_KEY',
  'LOGO',
  'MAP_FILE',
  'PLACES_FILE',
  'DISTRICTS',
] as const;

/** One sentence for each setting that names a file nobody can read; what a file holds is for whoever reads it to judge. */
export function unreadableFiles(env: Readonly<Record<string, string | undefined>>): string[] {
  return FILE_SETTINGS.flatMap((name) => {
    const path = env[name];
    const why = path === undefined || path === '' ? undefined : whyUnreadable(path);
    return why === undefined ? [] : [`${name}: ${path} cannot be read (${why})`];
  });
}

/** The system's code, such as ENOENT; undefined for a file that can be read. */
function whyUnreadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory() ? 'EISDIR' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
