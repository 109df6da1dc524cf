import { setTimeout as wait } from 'node:timers/promises';
import express, { type Request, type Response } from 'express';
import QRCode from 'qrcode';
import type { Citation, Citations } from '../../../citation/citations.ts';
import { isCitable } from '../../../domain/report/question.ts';
import type { Report } from '../../../report/reports.ts';
import { StoreUnavailableError } from '../../../store/readingStore.ts';
import type { CitationFreezer } from '../../citationFreezer.ts';
import { baseUrl, knownBaseUrl } from '../../http/baseUrl.ts';
import { html, raw } from '../html.ts';
import { renderOpenGraph } from '../openGraph.ts';
import { pageUrl } from '../pageUrls.ts';
import type { Asked } from '../pageWriter.ts';
import { type CiteSpeech, type Now, renderCitation, renderEmbed, viewOfCitation } from './citationPage.ts';
import { CITE_TEXTS } from './citeTexts.ts';
import type { PageMount } from './mountReports.ts';
import { bibtexOf, cslOf } from './reference.ts';
import { REPORT_FILES, type ReportFile, sendAnswerFile } from './reportFiles.ts';
import { makeReport, type NoReport, questionOf, type ReportPageDeps, STATUS_OF, speechOf } from './reportPages.ts';
import { figureSentence, headingText } from './sentences.ts';

/** Longest a citation's page waits for today's answer, ms; later it is a link away. */
const PATIENCE_MS = 120;
/** Bytes of a form. */
const MAX_FORM = '4kb';

/** What citation pages are made from. */
export interface CitationPageDeps extends Omit<ReportPageDeps, 'writer'> {
  /** Readings before it were pruned, epoch ms; none when left out. */
  prunedUntil?: () => Promise<number | undefined>;
  citations: Citations;
  freezer: CitationFreezer;
}

type Deps = CitationPageDeps & Pick<ReportPageDeps, 'writer'>;

/** `/cite`, `/cite/<id>` and its files. */
export function mountCitations(parts: CitationPageDeps): PageMount {
  return (router, writer) => {
    const deps = { ...parts, writer };
    const form = express.urlencoded({ extended: false, limit: MAX_FORM, parameterLimit: 40 });
    router.post('/cite', form, (request, response) => freeze(deps, { request, response }));
    router.get('/cite/:id', (request, response) => sendCitation(deps, request, response));
    router.get('/embed/:id', (request, response) => sendEmbed(deps, request, response));
    router.get('/cite/:id/:file', (request, response) => sendFile(deps, request, response));
  };
}

/** Freezes what a form asks and leads to it; works without scripts. */
async function freeze(deps: Deps, { request, response }: { request: Request; response: Response }): Promise<void> {
  const parameters = (request.body ?? {}) as Request['query'];
  const asked = deps.writer.asked({ path: '/report', query: parameters, get: request.get.bind(request) });
  const { words } = speechOf(asked);
  const cite = CITE_TEXTS[asked.language];
  const refuse = (status: number, text: string) =>
    deps.writer.send(response.status(status), asked, {
      kind: 'report',
      title: words.cite,
      description: words.cite,
      isIndexed: false,
      main: html`<article class="report"><h1>${words.cite}</h1><p class="notice" role="alert">${text}</p></article>`,
    });
  const read = questionOf(deps, parameters);
  if (read.question === undefined) return refuse(400, read.faults.map((fault) => words.faults[fault]).join(' '));
  if (read.notes.includes('cut-to-closed')) return refuse(400, cite.openPeriod);
  if (!isCitable(read.question)) return refuse(400, words.notCitable);
  const report = await makeReport(deps.reports, read.question);
  if (typeof report === 'string') return refuse(STATUS_OF[report], words[report]);
  if (report.answer.figure.state === 'no-data') return refuse(404, cite.noData);
  const made = await deps.freezer.freeze(report, request.ip);
  if (made === 'behind') return refuse(503, words.behind);
  if ('waitSeconds' in made) return refuse(429, cite.tooMany);
  response.redirect(303, pageUrl(`/cite/${made.id}`, asked.chosenLanguage));
}

async function sendCitation(deps: Deps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const asked = deps.writer.asked(request);
  const citation = await deps.citations.read(request.params.id);
  if (citation === undefined) return sendMissing(deps, asked, response);
  if (citation.id !== request.params.id)
    return response.redirect(302, pageUrl(`/cite/${citation.id}`, asked.chosenLanguage));
  const prunedUntil = await deps.prunedUntil?.().catch(unknownWhileAway);
  const speech = { ...(await citeSpeech(deps, asked, { request, citation })), prunedUntil };
  const now = await nowOf(deps, citation, request.query.wait === '1');
  const view = viewOfCitation(citation);
  const [title, description] = [headingText(view, speech), figureSentence(view, speech)];
  deps.writer.send(
    response,
    { ...asked, query: {} },
    {
      kind: 'report',
      title: `${title} – ${deps.writer.instance.name}`,
      description,
      head: html`<link rel="canonical" href="${speech.address}">
${renderOpenGraph({
  ...{ title, description: `${description} ${speech.words.indicative}.`, url: speech.address },
  image: `${speech.address}/preview.png?lang=${asked.language}`,
  ...{ site: deps.writer.instance.name, language: asked.language },
})}`,
      main: renderCitation(citation, now, speech),
    },
  );
}

/** A citation is read from its own copy, whether the store of readings answers or not. */
function unknownWhileAway(error: unknown): undefined {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

async function sendFile(deps: Deps, request: Request<{ id: string; file: string }>, response: Response): Promise<void> {
  const asked = deps.writer.asked(request);
  const citation = await deps.citations.read(request.params.id);
  if (citation === undefined) return sendMissing(deps, asked, response);
  const speech = await citeSpeech(deps, asked, { request, citation });
  const parts = { speech, address: speech.address };
  const { file } = request.params;
  if (REPORT_FILES.includes(file as ReportFile)) {
    // Into the operator's static copy goes no address that leads nowhere.
    const base = knownBaseUrl(request, deps.publicUrl);
    const source = `${deps.writer.instance.name}, ${base === undefined ? '' : `${base}/`}cite/${citation.id}`;
    return sendAnswerFile(viewOfCitation(citation), { file: file as ReportFile, speech, source }, response);
  }
  const name = `buergerluft-${citation.id.slice(0, 16)}`;
  switch (file) {
    case 'citation.bib':
      return void response
        .attachment(`${name}.bib`)
        .type('application/x-bibtex; charset=utf-8')
        .send(bibtexOf(citation, parts));
    case 'citation.csl.json':
      response.attachment(`${name}.csl.json`).type('application/vnd.citationstyles.csl+json; charset=utf-8');
      return void response.send(`${JSON.stringify(cslOf(citation, parts), undefined, 2)}\n`);
    case 'qr.svg':
      return void response.attachment(`${name}-qr.svg`).type('image/svg+xml').send(qrFile(speech));
    default:
      return sendMissing(deps, asked, response);
  }
}

/** `/embed/<id>`: the frozen figure, or with `?live=1` today's, in a frame of whoever wants it. */
async function sendEmbed(deps: Deps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const asked = deps.writer.asked(request);
  const citation = await deps.citations.read(request.params.id);
  if (citation === undefined) return sendMissing(deps, asked, response);
  const speech = await citeSpeech(deps, asked, { request, citation });
  const now = request.query.live === '1' ? await makeReport(deps.reports, citation.head.question) : undefined;
  allowFrames(response);
  deps.writer.sendFrame(response, asked, {
    kind: 'report',
    title: headingText(viewOfCitation(citation), speech),
    main: renderEmbed(citation, now, speech),
  });
}

/** Everywhere else a page of ours in a foreign frame would be a trap; here it is what it is for. */
function allowFrames(response: Response): void {
  const policy = String(response.getHeader('Content-Security-Policy') ?? '');
  // A frame's links open outside it, which takes a base element.
  const open = policy
    .replace("frame-ancestors 'self'", 'frame-ancestors *')
    .replace("base-uri 'none'", "base-uri 'self'");
  response.set('Content-Security-Policy', open).removeHeader('X-Frame-Options');
}

function sendMissing({ writer }: Deps, asked: Asked, response: Response): void {
  const { notFoundTitle, notFoundText } = CITE_TEXTS[asked.language];
  writer.sendMissing(response, asked, { title: notFoundTitle, text: notFoundText });
}

/** Means that are being made anew would look like another answer. */
function whileTrue(answer: Report | NoReport): Now {
  return typeof answer === 'string' || answer.isUpToDate ? answer : 'computing';
}

/** Today's answer, if it comes soon: a year of fifty stations takes longer than a page may. */
async function nowOf({ reports }: Deps, { head }: Citation, isPatient: boolean): Promise<Now> {
  const answer = makeReport(reports, head.question).then(whileTrue);
  if (isPatient) return answer;
  return Promise.race([answer, wait(PATIENCE_MS, 'computing' as const)]);
}

async function citeSpeech(
  { publicUrl }: Deps,
  asked: Asked,
  { request, citation }: { request: Request; citation: Citation },
): Promise<CiteSpeech> {
  const address = `${baseUrl(request, publicUrl)}/cite/${citation.id}`;
  // Short enough for a code that a phone reads from paper.
  const short = address.slice(0, address.length - citation.id.length + 24);
  const svg = await QRCode.toString(short, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
  return {
    ...speechOf(asked),
    cite: CITE_TEXTS[asked.language],
    address,
    qr: raw(svg.replace(/^<\?xml.*?\?>|<!DOCTYPE.*?>/g, '')),
  };
}

function qrFile({ qr, words, address }: CiteSpeech): string {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 276" width="480" height="552"><title>${address}</title><rect width="240" height="276" fill="#ffffff"/><svg x="10" y="6" width="220" height="220">${qr}</svg><text x="120" y="246" font-size="12" text-anchor="middle" font-family="system-ui, sans-serif" fill="#15212a">${words.indicative}</text><text x="120" y="264" font-size="8" text-anchor="middle" font-family="system-ui, sans-serif" fill="#4d5c67">${address.slice(0, 60)}…</text></svg>
`.html;
}
