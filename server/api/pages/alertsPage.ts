import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { QUANTITY_NAMES } from '../../domain/names.ts';
import { isPublic, publicPosition, STATION_ID, type Station } from '../../domain/station.ts';
import type { WatchedArea } from '../../notices/noticeRecords.ts';
import type { Notices } from '../../notices/notices.ts';
import { noticeTextsOf } from '../../notices/texts/noticeTexts.ts';
import type { AreaAlertDesk, AreaAlertRequest } from '../areas/areaAlerts.ts';
import { isProblem, parseInput } from '../http/problem.ts';
import { areaAlertSchema } from '../noticeRequests.ts';
import { type Html, html } from './html.ts';
import { pageUrl } from './pageUrls.ts';
import type { Asked, PageWriter } from './pageWriter.ts';
import { sendPrivateText } from './sendPrivateText.ts';
import { type AlertFormTexts, noticePageTextsOf } from './texts/noticePageTexts.ts';

/** What the page needs. */
export interface AlertsPageDeps {
  writer: PageWriter;
  notices: Notices;
  desk: AreaAlertDesk;
  station: (stationId: string) => Station | undefined;
}

/** Radii the form offers, metres. */
const RADII = [500, 1_000, 2_000, 5_000, 10_000];
/** Nights nobody is written in, when the box is ticked. */
const NIGHT = { from: '22:00', to: '07:00' };

/** What form and link carry; whatever is unknown becomes the default. */
const fieldsSchema = z.object({
  station: z.string().regex(STATION_ID).optional().catch(undefined),
  area: z.string().max(80).optional().catch(undefined),
  lat: z.coerce.number().min(-90).max(90).optional().catch(undefined),
  lon: z.coerce.number().min(-180).max(180).optional().catch(undefined),
  radius: z.coerce.number().min(500).max(10_000).catch(2_000),
  quantity: z.enum(['pm25', 'pm10']).catch('pm25'),
  average: z.enum(['1h', '24h']).catch('1h'),
  above: z.string().max(20).catch('25'),
  address: z.string().max(300).catch(''),
  quiet: z.string().optional().catch(undefined),
  /** Set by the button that only looks how many stations the chosen radius has. */
  look: z.string().optional().catch(undefined),
});
type Fields = z.output<typeof fieldsSchema>;

/** An area with its name, and the fields that lead back to it. */
interface Place {
  area: WatchedArea;
  /** What messages call it. */
  name: string;
  heading: string;
  hidden: Record<string, string>;
}

/** `/alerts`: the form of viewers' alerts. One form, one answer, no scripts needed. */
export function createAlertsPage(deps: AlertsPageDeps): Router {
  const router = Router();
  router.get('/alerts', (request, response) => {
    const fields = fieldsSchema.parse(request.query);
    sendForm(deps, {
      request,
      response,
      fields: { ...fields, quiet: request.query.quiet === undefined ? 'yes' : fields.quiet },
    });
  });
  router.post('/alerts', express.urlencoded({ extended: false, limit: '4kb' }), async (request, response) => {
    await take(deps, { request, response, fields: fieldsSchema.parse(request.body ?? {}) });
  });
  return router;
}

interface Visit {
  request: Request;
  response: Response;
  fields: Fields;
}

async function take(deps: AlertsPageDeps, visit: Visit): Promise<void> {
  const { request, response, fields } = visit;
  const asked = deps.writer.asked(request);
  const texts = noticePageTextsOf(asked.language).alerts;
  const place = placeOf(deps, fields, asked);
  if (place === undefined || fields.look !== undefined) return sendForm(deps, visit);
  const body = parseInput(areaAlertSchema, {
    ...{
      address: fields.address.trim(),
      language: asked.language,
      area: place.area,
    },
    ...{ quantity: fields.quantity, average: fields.average, above: Number(fields.above.replace(',', '.')) },
    quietHours: fields.quiet === 'yes' ? NIGHT : null,
  });
  if (isProblem(body)) {
    const fields = (['above', 'address'] as const).filter((name) => body.errors?.some(({ field }) => field === name));
    return sendForm(deps, visit, { fields });
  }
  const refused = await deps.desk.take(body as AreaAlertRequest, request.ip, place.name);
  if (refused !== undefined) {
    response.status(refused.status);
    const notice = texts.wrong[refused.code === 'too-often' ? 'too-often' : 'unavailable'];
    return sendForm(deps, visit, { fields: [], notice });
  }
  const { title, text } = texts.sent;
  const main = html`<p>${text(fields.address.trim())}</p><p><a href="/">${asked.texts.toMap}</a></p>`;
  return sendPrivateText(deps.writer, { response, asked }, { title, main });
}

/** What was wrong with a form that was sent: its fields, in their order, or something that is not about one. */
interface Mistakes {
  fields: readonly ('above' | 'address')[];
  notice?: string;
}

function sendForm(deps: AlertsPageDeps, visit: Visit, mistakes: Mistakes = { fields: [] }) {
  const asked = deps.writer.asked(visit.request);
  const texts = noticePageTextsOf(asked.language).alerts;
  const place = placeOf(deps, visit.fields, asked);
  if (mistakes.fields.length > 0) visit.response.status(400);
  const main = (): Html => {
    if (!deps.notices.isMailOn) return html`<p class="notice">${texts.mailOff}</p>`;
    if (place === undefined)
      return html`<p>${texts.noPlace}</p><p><a class="button" href="/">${asked.texts.toMap}</a></p>`;
    return renderForm(place, visit.fields, {
      asked,
      texts,
      mistakes,
      now: describeNow(deps, place, visit.fields, asked),
    });
  };
  const page = { title: texts.title, main: html`<p>${texts.intro}</p>${main()}` };
  return sendPrivateText(
    deps.writer,
    { response: visit.response, asked: keepChoice(asked, place, visit.fields) },
    page,
  );
}

/** What was chosen, but no address, goes along into the page's other language. */
function keepChoice(asked: Asked, place: Place | undefined, { radius, quantity, average, above }: Fields): Asked {
  return { ...asked, query: { ...place?.hidden, radius: String(radius), quantity, average, above } };
}

function renderForm(
  { heading, hidden, area }: Place,
  fields: Fields,
  { asked, texts, mistakes, now }: { asked: Asked; texts: AlertFormTexts; mistakes: Mistakes; now: string },
): Html {
  const km = (metres: number) => `${asked.format.number(metres / 1000, metres < 1000 ? 1 : 0)}\u202fkm`;
  const radii = [...new Set([...RADII, fields.radius])].sort((a, b) => a - b);
  const isCircle = 'radiusMetres' in area;
  const { notice, fields: wrong } = mistakes;
  const wrongField = (name: 'above' | 'address') =>
    wrong.includes(name) && html` aria-invalid="true"${wrong[0] === name && html` autofocus`}`;
  const wrongText = (name: 'above' | 'address') =>
    wrong.includes(name) && html`<p class="field-error" id="${name}-wrong" role="alert">${texts.wrong[name]}</p>`;
  return html`<h2>${heading}</h2>
<form class="form" method="post" action="${pageUrl('/alerts', asked.chosenLanguage)}">${hiddenFields(hidden)}
${notice !== undefined && html`<p class="notice" role="alert">${notice}</p>`}
${
  isCircle &&
  // What Enter in a field presses: the first button of the form, and that must not be the one that only looks.
  html`<button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">${texts.send}</button>
<p class="form-row">${select('radius', texts.radius, { options: radii.map((metres) => [String(metres), km(metres)]), chosen: String(fields.radius) })}
<button class="button" type="submit" name="look" value="yes" formnovalidate>${texts.update}</button></p>`
}<p>${now}</p>
<p>${select('quantity', texts.quantity, {
    options: [
      ['pm25', QUANTITY_NAMES.pm25[asked.language]],
      ['pm10', 'PM10'],
    ],
    chosen: fields.quantity,
  })}</p>
<p>${select('average', texts.average, { options: Object.entries(texts.averages), chosen: fields.average })}</p>
<p><label class="field-label" for="above">${texts.above}</label><input class="form-input is-short" id="above" name="above" inputmode="decimal" required value="${fields.above}" aria-describedby="above-note${wrong.includes('above') && ' above-wrong'}"${wrongField('above')}></p>${wrongText('above')}
<p class="note" id="above-note">${texts.aboveNote}</p>
<p><label class="check"><input type="checkbox" name="quiet" value="yes"${fields.quiet === 'yes' && html` checked`}> ${texts.quiet}</label></p>
<p><label class="field-label" for="address">${texts.address}</label><input class="form-input" id="address" name="address" type="email" autocomplete="email" required value="${fields.address}"${wrong.includes('address') && html` aria-describedby="address-wrong"`}${wrongField('address')}></p>${wrongText('address')}
<p><button class="button is-main" type="submit">${texts.send}</button></p>
<p class="note">${texts.privacy} <a href="/privacy">${asked.texts.footer.privacy}</a></p></form>`;
}

function select(
  name: string,
  label: string,
  { options, chosen }: { options: readonly (readonly [string, string])[]; chosen: string },
): Html {
  return html`<label class="field-label" for="${name}">${label}</label><select class="form-input is-short" id="${name}" name="${name}">${options.map(
    ([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  )}</select>`;
}

function hiddenFields(fields: Record<string, string>): Html[] {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

function describeNow({ desk }: AlertsPageDeps, { area }: Place, fields: Fields, { language, format }: Asked): string {
  const texts = noticePageTextsOf(language).alerts;
  const view = desk.preview(area, fields) ?? { stations: 0, valid: 0, median: null };
  const [stations, valid] = [format.number(view.stations, 0), format.number(view.valid, 0)];
  if (view.median === null) return texts.nowFew({ stations, valid, isCircle: 'radiusMetres' in area });
  const words = noticeTextsOf(language);
  const mean = `${words.quantity[fields.quantity]}, ${words.average[fields.average]}`;
  return texts.now({ stations, valid, median: format.value(fields.quantity, view.median), mean });
}

/** What a link asks for: around a public station, around a place, or a district. From public positions only. */
function placeOf({ station, notices }: AlertsPageDeps, fields: Fields, { language, format }: Asked): Place | undefined {
  const texts = noticePageTextsOf(language).alerts;
  const { radius: radiusMetres } = fields;
  const radius = `${format.number(radiusMetres / 1000, radiusMetres < 1000 ? 1 : 0)} km`;
  const found = fields.station === undefined ? undefined : station(fields.station);
  if (found && isPublic(found)) {
    const name = noticeTextsOf(language).circle({ radius, station: found.name });
    const area = { ...publicPosition(found), radiusMetres };
    return { area, name, heading: texts.around(found.name), hidden: { station: found.id } };
  }
  const district = fields.area === undefined ? undefined : notices.areas.districtName(fields.area);
  if (fields.area !== undefined && district !== undefined) {
    const area = { areaId: fields.area };
    return { area, name: district, heading: texts.district(district), hidden: { area: fields.area } };
  }
  const { lat, lon } = fields;
  if (lat === undefined || lon === undefined) return undefined;
  const area = { lat, lon, radiusMetres };
  const name = noticeTextsOf(language).circleAt({ radius });
  return { area, name, heading: texts.aroundPlace, hidden: { lat: String(lat), lon: String(lon) } };
}
