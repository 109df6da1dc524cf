import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { type Language, LOCALES } from '../../domain/names.ts';
import type { Station } from '../../domain/station.ts';
import type { WatchedArea } from '../../notices/noticeRecords.ts';
import type { Notices } from '../../notices/notices.ts';
import { noticeTextsOf } from '../../notices/texts/noticeTexts.ts';
import { type Allowance, addressKey, TokenBuckets } from '../../process/tokenBuckets.ts';
import { jsonAnswer, jsonBody, type OpenApiPaths, problems, queryParameter } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, sendProblem } from '../http/problem.ts';
import { areaAlertSchema, areaPreviewSchema } from '../noticeRequests.ts';
import { MAIL_OFF, TOO_OFTEN } from '../stations/contacts.ts';
import { OUTBOX_FULL } from '../stations/ownerLinks.ts';

/** What the routes need. */
export interface AreaAlertsDeps {
  notices: Notices;
  config: Pick<Config, 'LANGUAGE'>;
  clock: () => number;
}

/** Alerts one asker may ask for: five, then one in ten minutes. */
const REQUESTS: Allowance = { burst: 5, perSecond: 1 / 600 };

const previewSchema = z.object({
  stations: z.int().describe('Public outdoor stations of the area.'),
  valid: z.int().describe('Those with a valid mean now.'),
  median: z.number().nullable().describe('µg/m³; from three stations with a valid mean on.'),
});

/** What the routes say of themselves. */
export const areaAlertsPaths: OpenApiPaths = {
  '/api/v1/area-alerts': {
    post: {
      operationId: 'requestAreaAlert',
      summary: 'Be told by mail when the median of an area’s stations rises above a value; the address is asked first',
      tags: ['Alerts'],
      requestBody: jsonBody(areaAlertSchema),
      responses: { 202: jsonAnswer('Taken', z.object({})), ...problems(400, 404, 409, 413, 429, 503) },
    },
  },
  '/api/v1/area-alerts/preview': {
    get: {
      operationId: 'previewAreaAlert',
      summary: 'What an area alert would look at: a circle, chosen stations or a district',
      tags: ['Alerts'],
      parameters: [
        queryParameter('lat', 'Centre of a circle, degrees', z.number()),
        queryParameter('lon', 'Centre of a circle, degrees', z.number()),
        queryParameter('radius', 'Metres, 500 to 10,000', z.number()),
        queryParameter('stations', 'Station ids, separated by commas'),
        queryParameter('area', 'Id of a district'),
        queryParameter('quantity', 'pm25 or pm10', z.enum(['pm25', 'pm10'])),
        queryParameter('average', '1h or 24h', z.enum(['1h', '24h'])),
      ],
      responses: { 200: jsonAnswer('As of now', previewSchema), ...problems(400, 404) },
    },
  },
};

/** A request as API and page give it. */
export type AreaAlertRequest = z.output<typeof areaAlertSchema>;

/** Area alerts for viewers, who have no account: the API's and the page's way to the same. */
export class AreaAlertDesk {
  readonly #deps: AreaAlertsDeps;
  readonly #askers = new TokenBuckets(REQUESTS);

  constructor(deps: AreaAlertsDeps) {
    this.#deps = deps;
  }

  /** Takes a request, or says why not. `ip`: who asks; `areaName`: what messages call the area, when the page knows better. */
  async take(request: AreaAlertRequest, ip: string | undefined, areaName?: string): Promise<Problem | undefined> {
    const { notices, config, clock } = this.#deps;
    const { address, language = config.LANGUAGE, area, quantity, average, above, quietHours = null } = request;
    if (!notices.isMailOn) return MAIL_OFF;
    const members = notices.areas.members(area);
    if (members === undefined || members.length === 0) return NOT_FOUND;
    if (this.#askers.take(addressKey(ip), clock()) > 0) return TOO_OFTEN;
    const threshold = { quantity, average, value: above };
    const name = areaName ?? nameOf(notices, area, { members, language });
    const isTaken = await notices.areaWatches.request({
      address,
      language,
      area,
      areaName: name,
      threshold,
      quietHours,
    });
    notices.sendSoon();
    return isTaken ? undefined : OUTBOX_FULL;
  }

  /** What an alert would look at now; undefined for an area that does not exist. */
  preview(
    area: WatchedArea,
    layer: Pick<AreaAlertRequest, 'quantity' | 'average'>,
  ): z.output<typeof previewSchema> | undefined {
    const { notices, clock } = this.#deps;
    const members = notices.areas.members(area);
    if (members === undefined) return undefined;
    const { count, median } = notices.areas.statistics(area, layer, clock());
    return { stations: members.length, valid: count, median: median ?? null };
  }
}

/** `POST /area-alerts` and its preview. */
export function createAreaAlertsRouter(desk: AreaAlertDesk): Router {
  const router = Router();
  router.post('/area-alerts', async (request, response) => {
    const body = parseInput(areaAlertSchema, request.body ?? {});
    const refused = isProblem(body) ? body : await desk.take(body, request.ip);
    if (refused) return sendProblem(response, refused);
    return void response.status(202).set('Cache-Control', 'no-store').json({});
  });
  router.get('/area-alerts/preview', (request, response) => {
    const query = parseInput(areaPreviewSchema, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    const view = desk.preview(areaOf(query), query);
    if (view === undefined) return sendProblem(response, NOT_FOUND);
    return void response.set('Cache-Control', 'no-cache').json(view);
  });
  return router;
}

/** The area a query names; checked by its schema for having one. */
function areaOf({ lat, lon, radius, stations, area }: z.output<typeof areaPreviewSchema>): WatchedArea {
  if (stations) return { stationIds: stations };
  if (area !== undefined) return { areaId: area };
  return { lat: lat ?? 0, lon: lon ?? 0, radiusMetres: radius };
}

function nameOf(
  { areas }: Notices,
  area: WatchedArea,
  { members, language }: { members: readonly Station[]; language: Language },
): string {
  const texts = noticeTextsOf(language);
  if ('areaId' in area) return areas.districtName(area.areaId) ?? area.areaId;
  if ('stationIds' in area) return texts.stationsChosen(members.length);
  const radius = `${(area.radiusMetres / 1000).toLocaleString(LOCALES[language])} km`;
  return texts.circleAt({ radius });
}
