import { checkBackup } from './checkBackup.ts';

// Started by checkInChild: reads a backup in a process of its own and sends back what is wrong with it.
const folder = process.argv[2] ?? '';
const problems = await checkBackup(folder).catch((error: unknown) => [String(error)]);
process.send?.(problems, () => process.disconnect());
