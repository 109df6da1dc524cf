import { join } from 'node:path';
import { HOUR_MS } from '../domain/durations.ts';
import { Ingest } from '../ingest/ingest.ts';
import { LiveSide } from '../live/liveSide.ts';
import { ShownStations } from '../live/shownStations.ts';
import { createAggregatorNode } from '../nodes/createAggregatorNode.ts';
import { OnboardingRelay } from '../nodes/onboardingRelay.ts';
import { RegistryPublisher } from '../nodes/registryPublisher.ts';
import { createRollups } from '../rollups/createRollups.ts';
import { createFirmwareDoors } from './firmwareDoors.ts';
import type { Ground } from './ground.ts';
import { createTakeImported } from './takeImported.ts';

/** The parts a reading goes through. */
export type Flow = ReturnType<typeof composeFlow>;

/**
 * The way of a reading: doors and ingest up to the store, then the live side, means of closed hours, and the side that
 * faces the other processes. They tell each other what happens, so each is known to the others before it is made: what
 * they call of each other is called later only, when everything is there.
 */
export function composeFlow(ground: Ground) {
  const { stationStore, clock, servers, bus } = ground;
  const relay = bus && new OnboardingRelay({ bus, clock, feed: () => live.feed });
  // Ingest hands on what it stored through these doors and knows nothing else of the live side.
  const ingest: Ingest = new Ingest({
    ...ground,
    onStored: (messages, outcomes) => {
      live.onStored(messages, outcomes);
      node?.announce(messages, outcomes);
    },
    onConnected: () => {
      live.outTopics.connected();
      live.homeAssistant?.connected();
      registry.connected();
    },
    onboarding: relay ?? {
      isOnboarding: (stationId) => live.feed.isOnboarding(stationId),
      onboardingStep: (stationId, step) => live.feed.onboardingStep(stationId, step),
    },
  });
  const firmwareDoors = createFirmwareDoors({ ...ground, ingest });
  const publish = (topic: string, payload: string) => ingest.publish(topic, payload);
  const registry = new RegistryPublisher({ directory: stationStore, publish, clock });
  const { keeper, rollups } = createRollups(ground, {
    mayBegin: () => live.isDayLoaded,
    onClosed: (until) => {
      live.hourClosed(until - HOUR_MS);
      node?.rollups.closed(until);
    },
    onProof: (stationId, sensor, provedAt) => {
      live.assessment.noteProof(stationId, sensor, provedAt);
      node?.rollups.proved(stationId, sensor, provedAt);
    },
  });
  const settled = async () => {
    await ingest.settled();
    await node?.readings.follower.settled();
  };
  const live: LiveSide = new LiveSide({
    ...ground,
    rollups,
    httpServer: servers.http,
    publish,
    settled,
    shown: shownStations(ground),
    onMapChanged: bus && ((changed) => node?.mapChanged(changed)),
  });
  if (servers.https) live.feed.attach(servers.https);
  const node = bus && createAggregatorNode(ground, { bus, ingest, live, rollups, keeper });
  if (node) ground.others.node = node;
  const onImported = createTakeImported({ ...ground, keeper, live, node });
  return { relay, ingest, firmwareDoors, registry, keeper, rollups, live, node, onImported };
}

/** Whose ids may go out on topics. Of what was before there was a file everything may have been public that is not waiting to be. */
function shownStations({ config, stationStore, log }: Ground): ShownStations {
  return new ShownStations({
    path: join(config.DATA_DIR, 'shown-stations'),
    unknownPast: () => [
      ...stationStore.stations().flatMap(({ id, status }) => (status === 'pending' ? [] : id)),
      ...stationStore.erasedStations(),
    ],
    onError: (error) => log.error({ err: error }, 'which stations were public is not noted on disk'),
  });
}
