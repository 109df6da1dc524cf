import type { AreaDirectory } from '../areas/areaDirectory.ts';
import type { InstanceKey } from '../citation/instanceKey.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { AggregatorNode } from '../nodes/aggregatorNode.ts';
import type { NodeBus } from '../nodes/nodeBus.ts';
import type { OfflineFiles } from '../offline/offlineFiles.ts';
import type { MachineWatch } from '../process/machineWatch.ts';
import type { HttpServers } from './httpServers.ts';
import type { OpenStores } from './stores.ts';

/** What the parts of the program stand on: settings, open stores and what looks at the machine. */
export interface Ground extends OpenStores {
  config: Config;
  /** Version of this program. */
  version: string;
  areas: AreaDirectory;
  offline: OfflineFiles;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  servers: HttpServers;
  adminToken: string;
  isAddressAllowed: ((ip: string) => boolean) | undefined;
  /** How long a push waits for the store before it goes to the spool, ms; as the doors say when undefined. */
  directMs: number | undefined;
  /** How long an answer waits for means that are being made, ms; a few seconds when undefined. */
  rowPatienceMs: number | undefined;
  citationKey: InstanceKey;
  machine: MachineWatch;
  /** What connects the processes of an instance that is more than one. */
  bus: NodeBus | undefined;
  /** Filled with the side that faces them. */
  others: { node?: AggregatorNode };
}
