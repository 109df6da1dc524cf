import { stat } from 'node:fs/promises';
import { type Request, type Response, Router } from 'express';
import type { MapFile } from '../offline/mapFile.ts';
import { NOT_FOUND, sendProblem } from './http/problem.ts';

/** Where browsers find the map: not below `/api`, it is a file. */
export const MAP_FILE_PATH = '/map.pmtiles';

/** The operator's PMTiles file, in the pieces browsers ask for (`Range`). */
export function createMapFileRouter(file: MapFile | undefined): Router {
  const router = Router();
  router.get(MAP_FILE_PATH, (request, response) => sendFile(file, request, response));
  return router;
}

/** Most bytes of one part: tiles and directories have tens of kilobytes. */
const MAX_PART_BYTES = 8_000_000;

/** One range with both ends, as the browsers' library asks; `send` answers any other with the whole file. */
function isSmallPart(range: string | undefined): boolean {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(range ?? '') ?? [];
  return first !== undefined && Number(last) - Number(first) < MAX_PART_BYTES;
}

async function sendFile(file: MapFile | undefined, request: Request, response: Response): Promise<void> {
  if (!file) return sendProblem(response, NOT_FOUND);
  if (request.method === 'GET' && !isSmallPart(request.headers.range)) {
    // The whole file may be gigabytes: nobody needs it from here, and a slip should not fetch it.
    response.status(416).set({ 'Cache-Control': 'no-store', 'Accept-Ranges': 'bytes' }).type('text/plain');
    return void response.send('This file is served in parts: send a Range header with both ends.\n');
  }
  const { size, mtimeMs } = await stat(file.path);
  response.set({
    // A strong tag: the reader's library notices by it that the file was replaced.
    ETag: `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`,
    'Cache-Control': 'public, max-age=86400',
  });
  const headers = { 'Content-Type': 'application/octet-stream' };
  await new Promise<void>((resolve, reject) => {
    const options = { cacheControl: false, etag: false, dotfiles: 'allow' as const, headers };
    response.sendFile(file.path, options, (error?: NodeJS.ErrnoException) => {
      // A browser that moved on aborts its requests: nothing went wrong here.
      if (!error || response.headersSent || error.code === 'ECONNABORTED') resolve();
      else reject(error);
    });
  });
}
