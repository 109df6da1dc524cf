import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { startDemoServer } from './support/childServer.ts';
import { CHROMIUM_ARGS, CHROMIUM_PATH } from './support/chromium.ts';

const DEBUG_PORT = 9333;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

/** Lighthouse's mobile scores, 0 to 100, by page, and what it found wanting. */
export type LighthouseFigure = Record<string, string>;

/** Runs Lighthouse (mobile) on the demo's map, its open sheet and a station page. */
export async function benchLighthouse(): Promise<LighthouseFigure> {
  const server = await startDemoServer();
  const args = [...CHROMIUM_ARGS, `--remote-debugging-port=${DEBUG_PORT}`];
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args });
  try {
    const base = `http://127.0.0.1:${server.httpPort}`;
    const { features } = (await (await fetch(`${base}/api/v1/stations`)).json()) as { features: { id: string }[] };
    const id = features[0]?.id ?? '';
    const figure: LighthouseFigure = {};
    for (const path of ['/', `/?station=${id}`, `/station/${id}`]) figure[path] = await scores(base + path);
    return figure;
  } finally {
    await browser.close();
    await server.end('SIGTERM');
  }
}

async function scores(url: string): Promise<string> {
  const run = await lighthouse(url, { port: DEBUG_PORT, onlyCategories: [...CATEGORIES], logLevel: 'error' });
  if (run === undefined) throw new Error('Lighthouse gave no result');
  const { categories, audits } = run.lhr;
  const marks = CATEGORIES.map((name) => `${name} ${Math.round((categories[name]?.score ?? 0) * 100)}`);
  const wanting = Object.values(audits)
    .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative')
    .map((audit) => audit.id);
  return `${marks.join(', ')}; wanting: ${wanting.join(' ')}`;
}
