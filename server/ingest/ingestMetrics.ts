import type { Metrics } from '../metrics.ts';
import { Broker } from './broker.ts';
import type { Committer } from './committer.ts';
import type { MqttSource } from './mqttSource.ts';
import type { RejectionLog } from './rejectionLog.ts';
import type { Stamper } from './stamp.ts';

/** What is counted in ingest. */
export interface CountedParts {
  rejections: RejectionLog;
  committer: Committer;
  stamper: Stamper;
  door: Broker | MqttSource;
}

/** Shows the counters of ingest at `/metrics`. */
export function exposeIngestMetrics(metrics: Metrics, { rejections, committer, stamper, door }: CountedParts): void {
  metrics.totals('rejections_total', 'Messages and fields refused', 'reason', () => rejections.countsByReason());
  metrics.gauge('committer_waiting', 'Messages waiting for the store', () => committer.waiting);
  metrics.totals('committer_total', 'What the committer did', 'what', () => Object.entries(committer.counts));
  metrics.gauge('fingerprints', 'Unstamped messages remembered', () => stamper.stats().fingerprints);
  metrics.total('fingerprints_forgotten_early_total', 'Those let go early', () => stamper.stats().forgottenEarly);
  if (door instanceof Broker) exposeBroker(metrics, door);
  else exposeSource(metrics, door);
}

function exposeBroker(metrics: Metrics, broker: Broker): void {
  metrics.gauge('mqtt_connections', 'Signed-in MQTT connections', () => broker.stats().connections);
  metrics.gauge('mqtt_held', 'Publishes held until their commit', () => broker.stats().held);
  metrics.totals('mqtt_refused_total', 'MQTT connections and subscriptions refused', 'why', () => {
    const { refusedConnections, refusedSignIns, refusedSubscriptions } = broker.stats();
    return Object.entries({ refusedConnections, refusedSignIns, refusedSubscriptions });
  });
  metrics.totals('mqtt_closed_total', 'MQTT connections closed by the broker', 'why', () =>
    Object.entries(broker.stats().closed),
  );
}

function exposeSource(metrics: Metrics, source: MqttSource): void {
  metrics.gauge('mqtt_connected', '1 while the external broker is there and sends us messages', () =>
    Number(source.isConnected),
  );
  metrics.gauge('mqtt_held', 'Acknowledgements held until their commit', () => source.held);
}
