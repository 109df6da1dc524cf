import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { Request, Response } from 'express';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.geojson': 'application/geo+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** One file of the build with its compressed forms, in memory: all of them are a few megabytes. */
interface Asset {
  type: string;
  etag: string;
  isHashed: boolean;
  bodies: Partial<Record<'identity' | 'gzip' | 'br', Buffer>>;
}

/** What Vite's manifest says of one entry or chunk. */
interface ManifestChunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/** Files a page loads for one entry. */
export interface EntryFiles {
  script: string;
  styles: string[];
  /** Chunks the entry imports at once: preloaded, so that they do not wait for the entry to be read. */
  preloads: string[];
}

/** The built pages: read once at start. */
export class Assets {
  readonly #assets = new Map<string, Asset>();
  readonly #manifest: Readonly<Record<string, ManifestChunk>>;

  /** Reads everything under `webDir` (`dist/web`); throws when it was never built. */
  constructor(webDir: string) {
    this.#manifest = JSON.parse(readFileSync(join(webDir, 'manifest.json'), 'utf8'));
    for (const name of readdirSync(webDir, { recursive: true, encoding: 'utf8' })) this.#read(webDir, name);
  }

  /** URLs for an entry of `vite.config.ts`; `soon` are modules it will fetch at once, which are preloaded too. */
  entry(source: string, soon: readonly string[] = []): EntryFiles {
    const seen = new Set<string>();
    const chunks = [source, ...soon].flatMap((name) => this.#closure(name, seen));
    const [first, ...rest] = chunks;
    if (!first) throw new Error(`${source} is no entry of the built pages`);
    return {
      script: `/${first.file}`,
      // Shared style sheets come last in the manifest but are what an entry's own ones build on.
      styles: [...new Set(chunks.flatMap((chunk) => [...(chunk.css ?? [])].reverse()))].map((file) => `/${file}`),
      preloads: rest.map((chunk) => `/${chunk.file}`),
    };
  }

  /** True when the path is one of ours; then `serve` answers it. */
  has(path: string): boolean {
    return this.#assets.has(path);
  }

  /** Answers with the smallest form the browser takes. */
  serve(path: string, request: Request, response: Response): void {
    const asset = this.#assets.get(path);
    if (!asset) throw new Error(`No such asset: ${path}`);
    const encoding = (['br', 'gzip', 'identity'] as const).find(
      (name) => asset.bodies[name] && (name === 'identity' || request.acceptsEncodings(name)),
    );
    response.set({
      'Content-Type': asset.type,
      'Cache-Control': asset.isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      ETag: asset.etag,
      Vary: 'Accept-Encoding',
    });
    if (encoding && encoding !== 'identity') response.set('Content-Encoding', encoding);
    if (request.fresh) response.status(304).end();
    else response.end(asset.bodies[encoding ?? 'identity']);
  }

  #closure(source: string, seen: Set<string>): ManifestChunk[] {
    const chunk = this.#manifest[source];
    if (!chunk || seen.has(source)) return [];
    seen.add(source);
    return [chunk, ...(chunk.imports ?? []).flatMap((name) => this.#closure(name, seen))];
  }

  #read(webDir: string, name: string): void {
    const file = join(webDir, name);
    if (name.startsWith('manifest.json') || !statSync(file).isFile()) return;
    const extension = extname(name);
    const encoding = extension === '.br' ? 'br' : extension === '.gz' ? 'gzip' : 'identity';
    const plainName = encoding === 'identity' ? name : name.slice(0, -extension.length);
    const path = `/${plainName.split(sep).join('/')}`;
    const bytes = readFileSync(file);
    const known = this.#assets.get(path);
    const asset = known ?? { type: typeOf(plainName), etag: '', isHashed: path.startsWith('/assets/'), bodies: {} };
    asset.bodies[encoding] = bytes;
    if (encoding === 'identity')
      asset.etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`;
    this.#assets.set(path, asset);
  }
}

function typeOf(name: string): string {
  return TYPES[extname(name)] ?? 'application/octet-stream';
}
