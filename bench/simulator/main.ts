import { parseArgs } from 'node:util';
import { runDevices } from './devicesVerb.ts';
import { runViewers } from './viewersVerb.ts';

const USAGE = `Simulates devices or viewers of an installation, to try it before people do.

  npm run simulate -- devices --url http://127.0.0.1:8080 --mqtt mqtt://127.0.0.1:1883 \\
    --accounts simulated.json --admin-token-file data/admin-token --count 100 --minutes 10
  npm run simulate -- viewers --url http://127.0.0.1:8080 --count 200 --minutes 10
  npm run simulate -- remove --url http://127.0.0.1:8080 --accounts simulated.json --admin-token-file data/admin-token

devices  sends what stock firmware of several ages sends, each device on its own clock, with reconnects, restarts that
         repeat the last message, and drop-outs. Without the file of --accounts it makes the stations first and writes it
         (mode 0600; it holds the devices' tokens). Simulated stations are public: use an installation for trials, or remove
         them afterwards.
viewers  opens so many live connections, each on a layer of the map and a station's page; prints how long readings take.
remove   deletes the stations of the file with all their readings.

  --url URL                dashboard and HTTP doors
  --mqtt URL               broker, mqtt:// or mqtts://; without it devices only push over HTTP
  --accounts FILE          stations with their devices' tokens
  --admin-token-file FILE  to make and remove stations
  --count N                devices or viewers (100)
  --center LAT,LON  --km N where new stations stand (51.45,7.01 and 8)
  --cadence SECONDS        between two messages of a device (145)
  --trouble FACTOR         how much goes wrong; 0: nothing (1)
  --move SECONDS           mean time until a viewer looks elsewhere (120); 0: never
  --reconnect SECONDS      mean time until a viewer's connection breaks (600); 0: never
  --minutes N              how long (10)
  --seed N                 the same seed behaves the same (1)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    mqtt: { type: 'string' },
    accounts: { type: 'string' },
    'admin-token-file': { type: 'string' },
    count: { type: 'string', default: '100' },
    center: { type: 'string', default: '51.45,7.01' },
    km: { type: 'string', default: '8' },
    cadence: { type: 'string', default: '145' },
    trouble: { type: 'string', default: '1' },
    move: { type: 'string', default: '120' },
    reconnect: { type: 'string', default: '600' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

/** The command line as it was typed. */
export type SimulatorArguments = typeof values;

const [verb] = positionals;
if (values.help || verb === undefined) console.log(USAGE);
else if (verb === 'devices' || verb === 'remove') await runDevices(values, { isRemoving: verb === 'remove' });
else if (verb === 'viewers') await runViewers(values);
else {
  console.error(`${USAGE}\n\nNo such thing to simulate: ${verb}`);
  process.exitCode = 2;
}
