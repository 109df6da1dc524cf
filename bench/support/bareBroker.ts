import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The limit beside which ingest is measured: aedes with no subscriber, no hook and no store, in a process of its own. */
const broker = await Aedes.createBroker({ concurrency: 100_000 });
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});
