import type { Request, Response } from 'express';
import type { Citations } from '../../../citation/citations.ts';
import { AREA_ID } from '../../../domain/area.ts';
import { decimalsOf } from '../../../domain/format.ts';
import { MEANS_BEHIND } from '../../../domain/means/meansBehind.ts';
import { UNITS } from '../../../domain/quantity.ts';
import { isPublic, STATION_ID, type Station } from '../../../domain/station.ts';
import { PictureError, type PngPress } from '../../../pictures/pngPress.ts';
import { baseUrl } from '../../http/baseUrl.ts';
import { spanOf } from '../area/areaSpeech.ts';
import { type AreaSources, viewArea } from '../area/areaView.ts';
import type { Asked } from '../pageWriter.ts';
import { type AnswerView, viewOfReport } from '../report/answerView.ts';
import { chartBody } from '../report/chartSvg.ts';
import { viewOfCitation } from '../report/citationPage.ts';
import { CITE_TEXTS } from '../report/citeTexts.ts';
import type { PageMount } from '../report/mountReports.ts';
import { chartFile, savedName, sourceOf } from '../report/reportFiles.ts';
import { makeReport, questionOf, type ReportPageDeps, speechOf } from '../report/reportPages.ts';
import { figureSentence, headingText } from '../report/sentences.ts';
import { quantityName } from '../station/stationSpeech.ts';
import { type StationSources, viewStation } from '../station/stationView.ts';
import { AREA_TEXTS } from '../texts/areaTexts.ts';
import { PREVIEW, type PreviewCard, renderPreview } from './previewCard.ts';

/** Pixels a chart is wide, two for each of its own units: sharp in print. */
const CHART_WIDTH = 1520;

/** What pictures are made from. */
export interface PictureDeps
  extends Omit<ReportPageDeps, 'areas'>,
    Omit<StationSources, 'readings'>,
    Omit<AreaSources, 'readings'> {
  readings: StationSources['readings'] & AreaSources['readings'];
  citations: Citations;
  station: (stationId: string) => Station | undefined;
  press: Pick<PngPress, 'draw'>;
}

/**
 * A picture to be sent: its SVG and its width, or `undefined` for nothing there, or `behind` while means that it shows are
 * being made anew: networks keep pictures. `savedAs`: what it is called where it is kept, of pictures people take away.
 */
type Picture = { svg: string; width: number; savedAs?: string } | 'behind' | undefined;
type Draw = (deps: PictureDeps, asked: Asked, request: Request) => Promise<Picture>;

/** Charts and social previews as PNG: `chart.png`, `preview.png`. Mount it before what takes any file of a citation. */
export function mountPictures(parts: Omit<PictureDeps, 'writer'>): PageMount {
  return (router, writer) => {
    const deps = { ...parts, writer };
    const serve = (path: string, draw: Draw) =>
      router.get(path, async (request: Request, response: Response) => {
        const asked = writer.asked(request);
        const picture = await draw(deps, asked, request);
        if (picture === 'behind') return sendLater(response, MEANS_BEHIND[asked.language]);
        await send(deps, picture, response);
      });
    serve('/report/chart.png', async (...given) => chartOf(given, await reportView(...given)));
    serve('/report/preview.png', async (...given) => previewOf(given, await reportView(...given)));
    serve('/cite/:id/chart.png', async (...given) => chartOf(given, await citedView(...given)));
    serve('/cite/:id/preview.png', async (...given) => previewOf(given, await citedView(...given)));
    serve('/station/:id/preview.png', stationPreview);
    serve('/area/:id/preview.png', areaPreview);
  };
}

async function send({ press }: PictureDeps, picture: Exclude<Picture, 'behind'>, response: Response): Promise<void> {
  if (picture === undefined) return void response.status(404).type('text/plain').send('There is no such picture.\n');
  try {
    const png = await press.draw(picture.svg, picture.width);
    if (picture.savedAs !== undefined) response.attachment(picture.savedAs);
    response.set('Cache-Control', 'public, max-age=300').vary('Accept-Language').type('png').send(png);
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    sendLater(response, 'This picture cannot be drawn now; try again later.');
  }
}

function sendLater(response: Response, why: string): void {
  response.status(503).set('Retry-After', '10').type('text/plain').send(`${why}\n`);
}

/** An answer, and where it says it comes from. */
interface Shown {
  view: AnswerView;
  source: string;
  badge: string;
}

async function reportView(deps: PictureDeps, asked: Asked, { query }: Request): Promise<Shown | 'behind' | undefined> {
  const { question } = questionOf(deps, query);
  const made = question && (await makeReport(deps.reports, question));
  if (made === undefined || typeof made === 'string') return undefined;
  if (!made.isUpToDate) return 'behind';
  return { view: viewOfReport(made), source: sourceOf(deps), badge: speechOf(asked).words.indicative };
}

async function citedView(deps: PictureDeps, asked: Asked, request: Request): Promise<Shown | undefined> {
  const citation = await deps.citations.read(String(request.params.id));
  if (citation === undefined) return undefined;
  const source = `${deps.writer.instance.name}, ${baseUrl(request, deps.publicUrl)}/cite/${citation.id.slice(0, 24)}`;
  return { view: viewOfCitation(citation), source, badge: CITE_TEXTS[asked.language].badge };
}

type Given = Parameters<Draw>;

function chartOf([, asked]: Given, shown: Shown | 'behind' | undefined): Picture {
  if (shown === undefined || shown === 'behind') return shown;
  const svg = chartFile(shown.view, speechOf(asked), shown.source);
  return { svg, width: CHART_WIDTH, savedAs: savedName(shown.view.question, 'chart.png') };
}

function previewOf([deps, asked]: Given, shown: Shown | 'behind' | undefined): Picture {
  if (shown === undefined || shown === 'behind') return shown;
  const { view, badge } = shown;
  const speech = speechOf(asked);
  const { figure, limit, question } = view;
  const picture = { days: figure.days, quantity: question.quantity, limit, format: speech.format, summary: '' };
  const hasDays = figure.days.some(({ value }) => value !== null);
  return card({
    ...{ instance: deps.writer.instance.name, heading: headingText(view, speech), figure: '', unit: '', badge },
    sentence: figureSentence(view, speech),
    chart: hasDays ? chartBody(picture) : undefined,
  });
}

async function stationPreview(deps: PictureDeps, asked: Asked, { params, query }: Request): Promise<Picture> {
  const id = String(params.id);
  const station = STATION_ID.test(id) ? deps.station(id) : undefined;
  if (station === undefined || !isPublic(station)) return undefined;
  const { texts, format, language } = asked;
  const quantity = query.quantity === 'pm10' ? 'pm10' : 'pm25';
  const layer = { quantity, average: '1h', limit: undefined, format } as const;
  const { aggregate, state, now, officialSpans } = await viewStation(deps, station, layer);
  const value = state === 'ok' ? aggregate?.value : undefined;
  const official = value === undefined ? texts.kind.reference : texts.officialHour;
  const average = station.reference ? official : texts.average[layer.average];
  return card({
    instance: deps.writer.instance.name,
    heading: station.name,
    figure: value === undefined ? '' : format.number(value, decimalsOf(layer.quantity)),
    unit: UNITS[layer.quantity],
    sentence: `${quantityName(layer.quantity, language)}, ${average}${value === undefined ? `: ${texts.state[state]}.` : `. ${format.date(now)}, ${format.time(now)}.`}`,
    badge: station.reference ? texts.official(station.reference.network, officialSpans) : texts.indicative,
  });
}

async function areaPreview(deps: PictureDeps, asked: Asked, { params, query }: Request): Promise<Picture> {
  const id = String(params.id);
  const area = AREA_ID.test(id) ? deps.areas.area(id) : undefined;
  if (area === undefined) return undefined;
  const quantity = query.quantity === 'pm10' ? 'pm10' : 'pm25';
  const view = await viewArea(deps, area, { quantity, period: '24h' });
  if (!view.isUpToDate) return 'behind';
  const { whole, stations } = view;
  const words = AREA_TEXTS[asked.language];
  const speech = { ...asked, words, timeZone: deps.writer.instance.timeZone };
  const label = { quantity: quantityName(quantity, asked.language), count: whole?.count ?? 0, area: area.name };
  const sentence = (median: number | undefined) =>
    median === undefined
      ? words.tooFew({ count: whole?.count ?? 0, total: stations.length })
      : `${words.figureLabel(label)}. ${words.ownMean(spanOf(view, speech))}`;
  return card({
    instance: deps.writer.instance.name,
    heading: area.name,
    figure: whole?.median === undefined ? '' : asked.format.number(whole.median, decimalsOf(quantity)),
    unit: UNITS[quantity],
    sentence: sentence(whole?.median),
    badge: asked.texts.indicative,
  });
}

function card(parts: PreviewCard): Picture {
  return { svg: renderPreview(parts), width: PREVIEW.width };
}
