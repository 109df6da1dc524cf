import { z } from 'zod';
import { SHARDS, shardOf } from '../../firmware-bridge/registryShards.ts';
import { NOTICE_WORDS, type PublicNotice } from '../domain/operator/publicNotice.ts';
import { noticesTopic } from '../domain/topics.ts';
import type { PublicNotices } from '../notices/publicNotices.ts';
import { readJson } from '../process/jsonMessage.ts';
import { ShardPublisher } from './shardPublisher.ts';

/** Version of the form. */
const SCHEMA_VERSION = 1;

/** One part of the operator's dated notices. */
const shardForm = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  notices: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(NOTICE_WORDS),
      from: z.number(),
      to: z.number(),
      text: z.object({ de: z.string(), en: z.string() }),
      changedAt: z.number(),
    }),
  ),
});

/** The notices of a part; undefined for what is none, or one of a version we do not know. */
export function decodeNotices(payload: string): PublicNotice[] | undefined {
  return shardForm.safeParse(readJson(payload)).data?.notices;
}

/** Publishes the notices for the nodes with pages. In parts: all of them together may be too long for one message. */
export function noticePublisher(
  notices: Pick<PublicNotices, 'in' | 'onChange'>,
  { publish, clock }: { publish: (topic: string, payload: string) => void; clock: () => number },
): ShardPublisher {
  return new ShardPublisher({
    payloads: () => payloadsOf(notices.in()),
    topicOf: noticesTopic,
    onChange: (listener) => notices.onChange(listener),
    publish,
    clock,
  });
}

function payloadsOf(notices: readonly PublicNotice[]): string[] {
  const byShard = new Map<string, PublicNotice[]>(SHARDS.map((shard) => [shard, []]));
  for (const notice of notices) byShard.get(shardOf(notice.id))?.push(notice);
  return [...byShard.values()].map((part) => JSON.stringify({ schemaVersion: SCHEMA_VERSION, notices: part }));
}
