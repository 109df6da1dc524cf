import type { Request, Response } from 'express';
import { AREA_ID } from '../../../domain/area.ts';
import { limitChoiceOf } from '../../../domain/limits/limitChoice.ts';
import { baseUrl } from '../../http/baseUrl.ts';
import { html } from '../html.ts';
import { previewUrls, renderOpenGraph } from '../openGraph.ts';
import { pageAddress } from '../pageUrls.ts';
import type { PageWriter } from '../pageWriter.ts';
import { feedLink } from '../report/letterPage.ts';
import { AREA_TEXTS } from '../texts/areaTexts.ts';
import { renderAreas, viewAreas } from './areaIndex.ts';
import { renderArea } from './areaPage.ts';
import { type AreaSources, periodOf, viewArea } from './areaView.ts';

/** What the pages of areas are made from. */
export interface AreaPageDeps extends AreaSources {
  writer: PageWriter;
  /** Where people reach this instance; undefined when the operator did not say. */
  publicUrl?: string | undefined;
}

/** `/area`: all areas with their medians. */
export async function sendAreas(
  { writer, ...deps }: AreaPageDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const asked = writer.asked(request);
  const words = AREA_TEXTS[asked.language];
  const speech = {
    ...asked,
    ...{ timeZone: writer.instance.timeZone, address: pageAddress(asked, baseUrl(request, deps.publicUrl)) },
  };
  writer.send(response, asked, {
    kind: 'area',
    title: words.allAreasTitle(writer.instance.name),
    description: words.allAreasIntro,
    main: renderAreas(await viewAreas(deps), speech),
  });
}

/** `/area/<id>`: one area, complete without scripts. */
export async function sendArea({ writer, ...deps }: AreaPageDeps, request: Request, response: Response): Promise<void> {
  const asked = writer.asked(request);
  const words = AREA_TEXTS[asked.language];
  const id = String(request.params.id);
  const area = AREA_ID.test(id) ? deps.areas.area(id) : undefined;
  if (!area) return writer.sendMissing(response, asked, { title: words.notFoundTitle, text: words.notFoundText });
  const period = periodOf(asked.query.period);
  const quantity = asked.query.quantity === 'pm10' ? 'pm10' : 'pm25';
  const view = await viewArea(deps, area, { quantity, period, limit: limitChoiceOf(asked.query.limit) });
  writer.send(response, asked, {
    kind: 'area',
    title: words.title(area.name, writer.instance.name),
    description: words.description(area.name),
    head: html`${feedLink(area, asked)}${renderOpenGraph({
      ...{ title: area.name, description: words.description(area.name), site: writer.instance.name },
      ...previewUrls(`/area/${area.id}`, { request, asked, publicUrl: deps.publicUrl }),
    })}`,
    main: renderArea(view, {
      ...{ ...asked, timeZone: writer.instance.timeZone, alertsUrl: writer.instance.alertsUrl },
      address: pageAddress(asked, baseUrl(request, deps.publicUrl)),
      notices: view.whole === undefined ? [] : writer.noticesIn(view.whole),
    }),
  });
}
