import { Spool } from '../../firmware-bridge/spool.ts';

/** Appends pushes as fast as it can, several at a time, and says which ones are safe. Runs until it is killed. */
const [dir = '', start = '0'] = process.argv.slice(2);
const spool = new Spool({
  dir,
  maxBytes: 1_000_000_000,
  maxAgeMs: 1e12,
  clock: () => 0,
  onError: (error) => process.stdout.write(`error ${String(error)}\n`),
  segmentBytes: 20_000,
});
await spool.open();
let next = Number(start);

async function append(): Promise<void> {
  for (;;) {
    const n = next++;
    const body = Buffer.from(`{"n":${n},"padding":"${'x'.repeat(n % 300)}"}`);
    const entry = await spool.append({ deviceId: 'esp8266-15303512', receivedAt: n, body });
    process.stdout.write(entry === undefined ? 'error full\n' : `kept ${n}\n`);
  }
}

await Promise.all([append(), append(), append(), append()]);
