/** What of the address bar a link to another page keeps: the layer and the chosen language. */
const KEPT = ['lang', 'quantity', 'average', 'scale'];

/** Path of a station's page that shows the same layer in the same language. */
export function stationPath(stationId: string, search: string): string {
  return `/station/${stationId}${keptQuery(search)}`;
}

/** Path of a district's page in the same language. */
export function areaPath(areaId: string, search: string): string {
  return `/area/${areaId}${keptQuery(search)}`;
}

/** Path of a report about a station, in the same language and of the same quantity. */
export function reportPath(stationId: string, search: string): string {
  const params = new URLSearchParams(keptQuery(search));
  for (const name of ['average', 'scale']) params.delete(name);
  params.set('station', stationId);
  return `/report?${params}`;
}

/** Path of the daily means of one station, where values to compare with can be chosen. */
export function dailyMeansPath(stationId: string, search: string): string {
  const params = new URLSearchParams(keptQuery(search));
  for (const name of ['average', 'scale']) params.delete(name);
  params.set('stations', stationId);
  params.set('period', '30d');
  return `/compare?${params}`;
}

/** Path of a section of the page of methods, in the same language. */
export function methodsPath(section: string, search: string): string {
  const language = new URLSearchParams(search).get('lang');
  return `/methods${language ? `?lang=${language}` : ''}#${section}`;
}

/** Path of the page where hosts join, in the same language. */
export function hostPath(search: string): string {
  const language = new URLSearchParams(search).get('lang');
  return `/host${language ? `?lang=${language}` : ''}`;
}

/** Path of the form for an alert around a station, in the same language and of the same quantity. */
export function alertPath(alertsUrl: string, stationId: string, search: string): string {
  const params = new URLSearchParams(keptQuery(search));
  for (const name of ['average', 'scale']) params.delete(name);
  params.set('station', stationId);
  return `${alertsUrl}?${params}`;
}

/** Path of the map with a station open. */
export function mapPath(stationId: string, search: string): string {
  const query = keptQuery(search);
  return `/${query}${query ? '&' : '?'}station=${stationId}`;
}

/** The query with only the parts every page understands. */
function keptQuery(search: string): string {
  const params = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const key of KEPT) {
    const value = params.get(key);
    if (value) kept.set(key, value);
  }
  const query = kept.toString();
  return query && `?${query}`;
}
