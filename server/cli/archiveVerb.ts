import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { type Get, writeStaticCopy } from '../citation/staticCopy.ts';
import { loadConfig } from '../config.ts';
import { controlSocketPath } from '../process/controlSocket.ts';
import { lockHolder } from '../process/dataDirLock.ts';
import { packageRoot } from '../process/packageRoot.ts';
import { counted } from './progressLines.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft archive [--out <folder>] [--url <address>] [--json]

Writes a static, searchable copy of all citations and of the public data into a folder. Any web server can keep it, also
when this instance ends: each citation with its page, chart, days and bundle, the signed feed, the hourly means of every
public station, and the program that checks bundles.

--out  folder for the copy, default ./archive
--url  of another instance, e.g. https://luft.example.org; without it the server running here`;

const OPTIONS = { out: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `archive`. */
export const archiveVerb: Verb = {
  summary: 'write a static copy of all citations and data',
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    const folder = resolve(values.out ?? 'archive');
    const get = values.url === undefined ? getHere(terminal) : getFrom(values.url);
    const report = await writeStaticCopy(get, folder, join(packageRoot(), 'docs'));
    const words = `${counted(report.citations, 'citation')} and ${counted(report.stations, 'station')} in ${folder}\n`;
    terminal.out(values.json ? `${JSON.stringify({ folder, ...report })}\n` : words);
    return 0;
  },
};

function getHere(terminal: Terminal): Get {
  const { DATA_DIR } = loadConfig(terminal.env);
  if (lockHolder(DATA_DIR) === undefined) {
    throw new CommandError('No server runs on this data folder: start it first, or give --url.');
  }
  const socketPath = controlSocketPath(DATA_DIR);
  return (path) => fetched(httpRequest, { socketPath, path }, path);
}

function getFrom(url: string): Get {
  if (!/^https?:\/\/\S+$/.test(url)) throw new UsageError('--url must look like https://luft.example.org.');
  const base = url.replace(/\/+$/, '');
  const send = base.startsWith('https:') ? httpsRequest : httpRequest;
  return (path) => {
    const { hostname, port, pathname, search } = new URL(`${base}${path}`);
    return fetched(send, { hostname, port, path: pathname + search }, path);
  };
}

function fetched(send: typeof httpRequest, options: RequestOptions, path: string): Promise<Readable> {
  return new Promise((take, reject) => {
    const sent = send(options, (response) => {
      if (response.statusCode === 200) return take(response);
      response.resume();
      return reject(new CommandError(`${path} was answered with ${response.statusCode}.`));
    });
    sent.on('error', (cause) => reject(new CommandError(`${path} cannot be reached: ${cause.message}`, { cause })));
    sent.end();
  });
}
