import { createWriteStream } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { html, raw } from '../api/pages/html.ts';
import { CITE_TEXTS } from '../api/pages/report/citeTexts.ts';
import type { Language } from '../domain/names.ts';
import { makeFolder, SHARED_FOLDER } from '../process/dataDirLock.ts';

/** Gets one address of an instance; rejects for anything but 200. */
export type Get = (path: string) => Promise<Readable>;

/** What was written. */
export interface StaticCopyReport {
  citations: number;
  stations: number;
}

/** A citation as its pages list it. */
interface Listed {
  id: string;
  citedAt: string;
  title: string;
  sentence: { de: string; en: string };
  comparison: { de: string; en: string };
  /** What owners have taken out of it; empty when nothing. */
  gaps: { de: string; en: string };
  chart: string;
}

/** What a search for the static copy needs: a few lines any browser runs. */
const SEARCH = `const field = document.getElementById('search');
field.hidden = false;
field.oninput = () => {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const item of document.querySelectorAll('li')) {
    const text = item.textContent.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
};
`;
const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#15212a}
input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}li{margin:.75rem 0}svg{max-width:100%;height:auto}
.badge{border:1px solid #7d8b95;border-radius:1rem;padding:.1rem .7rem;display:inline-block}code{overflow-wrap:anywhere}
`;

/**
 * Writes a copy of all citations and of the public data into a folder that any web server can keep when the instance ends:
 * a page, a chart, the days and the bundle of each citation, the signed feed, and hourly means of every public station.
 */
export async function writeStaticCopy(get: Get, folder: string, docs: string): Promise<StaticCopyReport> {
  const copy = new StaticCopy(get, folder);
  for (const name of ['cite', 'feed', 'data']) makeFolder(join(folder, name), SHARED_FOLDER);
  const { citations } = (await copy.json('/api/v1/citations')) as { citations: { id: string; citedAt: string }[] };
  const listed: Listed[] = [];
  for (const citation of citations) listed.push(await copy.citation(citation));
  const stations = await copy.stations();
  await copy.feed();
  for (const name of ['citation-format.md', 'check-citation.mjs']) await copyFile(join(docs, name), join(folder, name));
  await writeFile(join(folder, 'search.js'), SEARCH);
  await writeFile(join(folder, 'style.css'), STYLE);
  const { name } = (await copy.json('/api/v1/instance')) as { name: string };
  await writeFile(join(folder, 'index.html'), indexPage(name, listed, stations));
  return { citations: listed.length, stations: stations.length };
}

class StaticCopy {
  readonly #get: Get;
  readonly #folder: string;

  constructor(get: Get, folder: string) {
    this.#get = get;
    this.#folder = folder;
  }

  async json(path: string): Promise<unknown> {
    return JSON.parse(await text(await this.#get(path)));
  }

  async citation({ id, citedAt }: { id: string; citedAt: string }): Promise<Listed> {
    const [de, en] = [await this.#answer(id, 'de'), await this.#answer(id, 'en')];
    const { stationCount: of, ...gone } = (await this.json(`/api/v1/citations/${id}`)) as Gaps;
    const name = join('cite', id);
    await this.#save(`/api/v1/citations/${id}/bundle.json`, `${name}.json`);
    await this.#save(`/cite/${id}/days.csv?lang=de`, `${name}.csv`);
    await this.#save(`/cite/${id}/chart.svg?lang=de`, `${name}.svg`);
    const chart = await readFile(join(this.#folder, `${name}.svg`), 'utf8');
    const title = /<title>(.*?)<\/title>/.exec(chart)?.[1] ?? id;
    const listed = {
      ...{ id, citedAt, title, chart },
      sentence: { de: de.sentence, en: en.sentence },
      comparison: { de: de.comparison.join(' '), en: en.comparison.join(' ') },
      gaps: { de: gapsText('de', { of, ...gone }), en: gapsText('en', { of, ...gone }) },
    };
    await writeFile(join(this.#folder, `${name}.html`), citationPage(listed));
    return listed;
  }

  async stations(): Promise<{ id: string; name: string; licence: string }[]> {
    await this.#save('/api/v1/stations', join('data', 'stations.geojson'));
    const collection = JSON.parse(await readFile(join(this.#folder, 'data', 'stations.geojson'), 'utf8'));
    const features = (collection as { features: { id: string; properties: { name: string; licence: string } }[] })
      .features;
    for (const { id } of features) {
      for (const quantity of ['pm25', 'pm10']) {
        const series = `/api/v1/stations/${id}/series?quantity=${quantity}&window=1h&from=2010-01-01T00:00:00Z&format=csv`;
        await this.#save(series, join('data', `${id}-${quantity}.csv`));
      }
    }
    return features.map(({ id, properties }) => ({ id, name: properties.name, licence: properties.licence }));
  }

  async feed(): Promise<void> {
    await this.#save('/api/v1/citations/key', join('feed', 'key.json'));
    await this.#save('/api/v1/citations/feed', join('feed', 'index.json'));
    const { dates } = (await this.json('/api/v1/citations/feed')) as { dates: string[] };
    for (const date of dates) await this.#save(`/api/v1/citations/feed/${date}`, join('feed', `${date}.json`));
  }

  async #answer(id: string, language: string): Promise<{ sentence: string; comparison: string[] }> {
    return (await this.json(`/cite/${id}/report.json?lang=${language}`)) as { sentence: string; comparison: string[] };
  }

  async #save(path: string, name: string): Promise<void> {
    await pipeline(await this.#get(path), createWriteStream(join(this.#folder, name)));
  }
}

interface Gaps {
  stationCount: number;
  withdrawn: number;
  withheldPlaces: number;
}

function gapsText(
  language: Language,
  { of, withdrawn, withheldPlaces: withheld }: Omit<Gaps, 'stationCount'> & { of: number },
) {
  const words = CITE_TEXTS[language];
  const texts = [withdrawn > 0 && words.withdrawn({ withdrawn, of }), withheld > 0 && words.withheld({ withheld, of })];
  return texts.filter(Boolean).join(' ');
}

function indexPage(
  name: string,
  citations: readonly Listed[],
  stations: readonly { id: string; name: string; licence: string }[],
): string {
  return frame(
    name,
    '',
    html`<h1>${name}: Zitate und Messdaten / citations and data</h1>
<p><span class="badge">Bürgermessung, kein amtlicher Messwert / citizen measurement, not an official value</span></p>
<p><input id="search" type="search" placeholder="Suchen / search" aria-label="Suchen / search" hidden></p>
<h2>Zitate / citations (${citations.length})</h2><ul>
${citations.map(({ id, citedAt, title, sentence }) => html`<li><a href="cite/${id}.html">${raw(title)}</a>, ${citedAt.slice(0, 10)}<br>${sentence.de}</li>\n`)}</ul>
<h2>Stationen / stations (${stations.length})</h2><ul>
${stations.map((station) => html`<li>${station.name}, ${station.licence}: <a href="data/${station.id}-pm25.csv">PM2.5</a>, <a href="data/${station.id}-pm10.csv">PM10</a></li>\n`)}</ul>
<p><a href="citation-format.md">Format</a> · <a href="check-citation.mjs">check-citation.mjs</a> · <a href="feed/index.json">Feed</a> · <a href="data/stations.geojson">stations.geojson</a></p>
<script src="search.js"></script>`.html,
  );
}

function citationPage({ id, citedAt, title, sentence, comparison, gaps, chart }: Listed): string {
  return frame(
    title,
    '../',
    html`<p><a href="../index.html">Alle Zitate / all citations</a></p><h1>${raw(title)}</h1>
<p><span class="badge">Bürgermessung, kein amtlicher Messwert / citizen measurement, not an official value</span></p>
<p><strong>${sentence.de}</strong> ${comparison.de}</p><p lang="en"><strong>${sentence.en}</strong> ${comparison.en}</p>
${gaps.de !== '' && html`<p>${gaps.de}</p><p lang="en">${gaps.en}</p>`}
${raw(chart)}
<p>${citedAt} · <a href="${id}.json">Bündel / bundle</a> · <a href="${id}.csv">Tage / days</a></p><p><code>${id}</code></p>
<pre>node check-citation.mjs cite/${id}.json</pre>`.html,
  );
}

/** `title` is HTML already where it comes from a chart. */
function frame(title: string, up: string, body: string): string {
  return `<!doctype html>\n<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="stylesheet" href="${up}style.css"></head>\n<body>${body}</body></html>\n`;
}
