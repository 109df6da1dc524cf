import { runCli } from './cli/runCli.ts';
import { readDotEnv } from './config.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  env: { ...readDotEnv('.env'), ...process.env },
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isScreen: process.stderr.isTTY === true,
});
