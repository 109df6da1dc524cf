import { isOwnContainer } from './admin/ownContainer.ts';
import { runCli } from './cli/runCli.ts';
import { readDotEnv } from './config.ts';
import { noAccessText } from './process/noAccess.ts';

// What a verb writes holds exact positions and keys: for the operator alone.
process.umask(0o077);
// Whoever reads what is written may have seen enough (`... | head`): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
try {
  process.exitCode = await runCli(process.argv.slice(2), {
    env: { ...readDotEnv('.env'), ...process.env },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isScreen: process.stderr.isTTY === true,
    isContainer: isOwnContainer(),
  });
} catch (error) {
  const text = noAccessText(error);
  if (text === undefined) throw error;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
