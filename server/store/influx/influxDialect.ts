import { HOUR_MS } from '../../domain/durations.ts';
import type { InfluxSeries } from './influxClient.ts';

/**
 * Where the generations of InfluxDB differ; everything else of the adapter is the set of requests that 1.6 to 1.8, 2.x
 * (through its database mapping) and 3 Core all answer. 1.6.7 is run in every test; what is said of 2.x and 3 is from
 * the vendor's documentation, see docs/stores.md.
 */
export type InfluxGeneration = 1 | 2 | 3;

/** What the operator gave to sign in with. */
export interface InfluxCredentials {
  /** An API token of 2.x or 3, or `user:password` for 1.x. */
  token?: string;
  username?: string;
  password?: string;
}

/** What one generation needs done its own way. */
export interface InfluxDialect {
  /** As the server's `/ping` says: `1.6.7`, `v2.7.12`, `3.1.0`. */
  version: string;
  generation: InfluxGeneration;
  /** Value of the `Authorization` header, when there is anything to sign in with. */
  authorization: string | undefined;
  /** 3 Core cannot delete rows. */
  canDelete: boolean;
  /** How far back a query may reach, ms: 3 Core refuses queries over more than 432 files, about 72 hours. */
  maxLookBackMs: number;
}

/** What making a database needs of the client. */
export interface DatabaseMaker {
  query(q: string): Promise<InfluxSeries[]>;
  request(method: 'GET' | 'POST', path: string, body?: string): Promise<unknown>;
}

/** The dialect of a server by the version it names. Throws for one nobody has told us of. */
export function dialectOf(version: string, credentials: InfluxCredentials): InfluxDialect {
  const generation = Number(/^v?(\d+)\./.exec(version)?.[1]);
  if (generation !== 1 && generation !== 2 && generation !== 3) {
    throw new Error(`InfluxDB ${version} is not supported: 1.6 to 1.8 and 2.x are`);
  }
  return {
    version,
    generation,
    authorization: authorizationFor(generation, credentials),
    canDelete: generation !== 3,
    maxLookBackMs: generation === 3 ? 72 * HOUR_MS : Number.POSITIVE_INFINITY,
  };
}

/**
 * 1.x takes user and password as HTTP Basic (`Token user:password` only from 1.8 on), 2.x and 3 take a token; 2.x takes
 * Basic too, for its 1.x-compatible users. Before the generation is known a token is sent as such: 1.x does not look
 * at credentials on `/ping`, and 3 wants them.
 */
export function authorizationFor(
  generation: InfluxGeneration | undefined,
  { token, username, password }: InfluxCredentials,
): string | undefined {
  if (generation === 1 && token !== undefined) return basic(token);
  if (token !== undefined) return `Token ${token}`;
  return username === undefined ? undefined : basic(`${username}:${password ?? ''}`);
}

function basic(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword).toString('base64')}`;
}

/** Makes the database or bucket when it is missing and we may; says what to do when we may not. */
export async function ensureDatabase(
  generation: InfluxGeneration,
  { bucket, org }: { bucket: string; org?: string },
  maker: DatabaseMaker,
): Promise<void> {
  switch (generation) {
    case 1:
      return createDatabase(bucket.split('/')[0] ?? bucket, maker);
    case 2:
      return createBucket(bucket, org, maker);
    case 3:
      // The first write makes it.
      return;
  }
}

async function createDatabase(database: string, { query }: DatabaseMaker): Promise<void> {
  try {
    await query(`CREATE DATABASE "${database.replaceAll(/["\\]/g, '\\$&')}"`);
  } catch (cause) {
    // A user without administrator's rights may still read and write a database that somebody made.
    await query('SHOW MEASUREMENTS LIMIT 1').catch(() => {
      throw cause;
    });
  }
}

async function createBucket(bucket: string, org: string | undefined, { request }: DatabaseMaker): Promise<void> {
  const found = await request('GET', `/api/v2/buckets?name=${encodeURIComponent(bucket)}`);
  if (firstOf(found, 'buckets') !== undefined) return;
  if (org === undefined) {
    throw new Error(`InfluxDB has no bucket "${bucket}": make it, or set INFLUX_ORG so that it is made`);
  }
  const organisation = firstOf(await request('GET', `/api/v2/orgs?org=${encodeURIComponent(org)}`), 'orgs');
  if (organisation === undefined) throw new Error(`InfluxDB has no organisation "${org}" that this token may see`);
  await request(
    'POST',
    '/api/v2/buckets',
    JSON.stringify({ orgID: organisation.id, name: bucket, retentionRules: [] }),
  );
}

function firstOf(answer: unknown, list: 'buckets' | 'orgs'): { id?: unknown } | undefined {
  const items = (answer as Partial<Record<typeof list, unknown[]>> | undefined)?.[list];
  return items?.[0] as { id?: unknown } | undefined;
}
