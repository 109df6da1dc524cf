import { join } from 'node:path';
import { numberIn, readCsv, rounded } from './csv.mjs';

/**
 * Official stations of the files with their places (EEA's list of stations, as in opendata-stuttgart/feinstaub-map-v2 at
 * 19aba14), `[lat, lon]`.
 */
const STATIONS = {
  NL49007: [52.381, 4.845],
  NL49012: [52.39, 4.888],
  NL49014: [52.36, 4.866],
  NL49017: [52.358, 4.9],
  NL49551: [52.463, 4.602],
  NL49553: [52.494, 4.603],
  NL49556: [52.564, 4.862],
  NL49561: [52.334, 4.774],
  NL49570: [52.487, 4.639],
  NL49572: [52.474, 4.629],
  NL49573: [52.479, 4.585],
  NL49701: [52.45, 4.817],
  NL49703: [52.4, 4.73],
};
/** Fixed before the comparison was made: kits this near belong to a station, metres. */
const GROUP_M = 2_500;
/** Kits judged at a station, at least: a median of three survives one bad one. */
const MIN_KITS = 3;
/** A factor is taken from no station farther away, metres. */
const MAX_DONOR_M = 15_000;
const LAGS = [-3, -2, -1, 0, 1, 2, 3];

/**
 * The reference-ratio method on two weeks in North Holland. Its factor comes from one official station and the kits near
 * it; it is judged at another station, on other kits: at its own it would agree by construction.
 */
export function checkDutch({ folder, domain }) {
  const kits = readKits(join(folder, 'Voorbeeld_sensoren.csv.gz'));
  const official = readOfficial(join(folder, 'Voorbeeld_luchtmeetnet.csv.gz'));
  const groups = groupsOf(kits, domain);
  const labels = labelCheck({ kits, official, domain });
  return {
    rule: { groupMetres: GROUP_M, leastKits: MIN_KITS, donorMetres: MAX_DONOR_M },
    labels,
    quantities: ['pm25', 'pm10'].map((quantity) => {
      const parts = { kits, official, groups, quantity, lag: labels.lag, domain };
      return { quantity, atOtherStations: judged(parts), atSameStation: judgedAtHome(parts) };
    }),
  };
}

function readKits(file) {
  const kits = new Map();
  for (const row of readCsv(file)) {
    const [lat, lon] = [numberIn(row.lat), numberIn(row.lon)];
    if (lat === undefined || lon === undefined) continue;
    const kit = kits.get(row.kit_id) ?? { lat, lon, hours: new Map() };
    kit.hours.set(hourOf(row.date), {
      pm25: numberIn(row.pm25),
      pm10: numberIn(row.pm10),
      rivm: { pm25: numberIn(row.pm25_kal), pm10: numberIn(row.pm10_kal) },
    });
    kits.set(row.kit_id, kit);
  }
  return kits;
}

function readOfficial(file) {
  const stations = new Map();
  for (const row of readCsv(file)) {
    const hours = stations.get(row.station_number) ?? new Map();
    hours.set(hourOf(row.date), { pm25: numberIn(row.pm25), pm10: numberIn(row.pm10) });
    stations.set(row.station_number, hours);
  }
  return stations;
}

/** Hours since 1970 of a label, whatever zone and end of the hour it means: only differences count. */
function hourOf(label) {
  return Math.round(Date.parse(`${label.replace(' ', 'T')}Z`) / 3_600_000);
}

/**
 * Correlation of the kits' median with the official median, in their changes from hour to hour, when the kits' labels
 * are moved by some hours. Changes tell hours apart where levels, which last for days, hardly do.
 */
function labelCheck({ kits, official, domain }) {
  const correlations = Object.fromEntries(
    ['pm25', 'pm10'].map((quantity) => {
      const network = medianByHour(
        [...kits.values()].map(({ hours }) => valuesOf(hours, quantity)),
        domain,
      );
      const stations = medianByHour(
        [...official.values()].map((hours) => valuesOf(hours, quantity)),
        domain,
      );
      return [quantity, LAGS.map((lag) => correlationAt(lag, network, stations, domain))];
    }),
  );
  const sums = LAGS.map((_, at) => (correlations.pm25[at] ?? 0) + (correlations.pm10[at] ?? 0));
  return { lag: LAGS[sums.indexOf(Math.max(...sums))], lags: LAGS, correlations };
}

function correlationAt(lag, network, stations, domain) {
  const change = (series, hour) => {
    const [now, before] = [series.get(hour), series.get(hour - 1)];
    return now === undefined || before === undefined ? undefined : now - before;
  };
  const pairs = [...network.keys()].flatMap((hour) => {
    const [one, other] = [change(network, hour), change(stations, hour + lag)];
    return one === undefined || other === undefined ? [] : [[one, other]];
  });
  return rounded(domain.correlation(pairs));
}

function valuesOf(hours, quantity) {
  return [...hours].flatMap(([hour, values]) => (values[quantity] === undefined ? [] : [[hour, values[quantity]]]));
}

function medianByHour(series, { median }) {
  const byHour = new Map();
  for (const values of series)
    for (const [hour, value] of values) byHour.set(hour, [...(byHour.get(hour) ?? []), value]);
  return new Map(
    [...byHour].filter(([, values]) => values.length >= MIN_KITS).map(([hour, values]) => [hour, median(values)]),
  );
}

function groupsOf(kits, { distanceMetres }) {
  const at = ([lat, lon]) => ({ lat, lon });
  return new Map(
    Object.entries(STATIONS).map(([code, place]) => [
      code,
      [...kits].filter(([, kit]) => distanceMetres(at(place), kit) <= GROUP_M).map(([id]) => id),
    ]),
  );
}

function judged({ kits, official, groups, quantity, lag, domain }) {
  const all = { raw: [], corrected: [], rivm: [] };
  const stations = [];
  for (const [code, group] of groups) {
    const donor = donorOf(code, groups, domain);
    if (group.length < MIN_KITS || donor === undefined) continue;
    const pairs = pairsAt({ code, group, donor, kits, official, groups, quantity, lag, domain });
    if (pairs.raw.length === 0) continue;
    for (const name of Object.keys(all)) all[name].push(...pairs[name]);
    stations.push({ station: code, kits: group.length, factorFrom: donor, ...agreement(pairs, domain) });
  }
  return { ...agreement(all, domain), stations };
}

/** Each kit at the station it lies near, its factor from the other kits there: what is left is how unlike kits are. */
function judgedAtHome({ kits, official, groups, quantity, lag, domain }) {
  const pairs = { raw: [], corrected: [], rivm: [] };
  for (const [code, group] of groups) {
    for (const [hour, values] of official.get(code) ?? []) {
      const reference = values[quantity];
      const members = group
        .map((id) => kits.get(id).hours.get(hour - lag))
        .filter((each) => each?.[quantity] !== undefined);
      if (reference === undefined) continue;
      for (const member of members) {
        const others = members.filter((each) => each !== member).map((each) => each[quantity]);
        const factor = domain.referenceFactor({ reference, group: others });
        const rivm = member.rivm[quantity];
        if (factor === undefined || rivm === undefined) continue;
        pairs.raw.push({ sensor: member[quantity], reference });
        pairs.corrected.push({ sensor: domain.applyFactor(member[quantity], factor).value, reference });
        pairs.rivm.push({ sensor: rivm, reference });
      }
    }
  }
  return agreement(pairs, domain);
}

/** The nearest other station with kits of its own. */
function donorOf(code, groups, { distanceMetres }) {
  const at = ([lat, lon]) => ({ lat, lon });
  const own = new Set(groups.get(code));
  return [...groups]
    .filter(([other, kits]) => other !== code && kits.filter((kit) => !own.has(kit)).length >= MIN_KITS)
    .map(([other]) => ({ other, metres: distanceMetres(at(STATIONS[code]), at(STATIONS[other])) }))
    .filter(({ metres }) => metres <= MAX_DONOR_M)
    .sort((a, b) => a.metres - b.metres)[0]?.other;
}

/** Medians of a station's kits, raw, corrected and as RIVM calibrated them, beside the station on the same hours. */
function pairsAt({ code, group, donor, kits, official, groups, quantity, lag, domain }) {
  const own = new Set(group);
  const lenders = groups.get(donor).filter((kit) => !own.has(kit));
  const pairs = { raw: [], corrected: [], rivm: [] };
  for (const [hour, values] of official.get(code) ?? []) {
    const reference = values[quantity];
    const there = official.get(donor)?.get(hour)?.[quantity];
    const of = (ids, pick) => ids.flatMap((id) => pick(kits.get(id).hours.get(hour - lag)) ?? []);
    const raw = of(group, (values) => values?.[quantity]);
    const rivm = of(group, (values) => values?.rivm[quantity]);
    if (reference === undefined || there === undefined || raw.length < MIN_KITS || rivm.length < MIN_KITS) continue;
    const factor = domain.referenceFactor({ reference: there, group: of(lenders, (values) => values?.[quantity]) });
    if (factor === undefined) continue;
    const middle = domain.median(raw);
    pairs.raw.push({ sensor: middle, reference });
    pairs.corrected.push({ sensor: domain.applyFactor(middle, factor).value, reference });
    pairs.rivm.push({ sensor: domain.median(rivm), reference });
  }
  return pairs;
}

function agreement(pairs, { comparisonOf }) {
  const view = (list) => {
    const found = comparisonOf(list);
    return {
      r2: rounded(found?.r2),
      slope: rounded(found?.slope),
      bias: rounded(found?.bias, 2),
      rmse: rounded(found?.rmse, 2),
    };
  };
  return { n: pairs.raw.length, raw: view(pairs.raw), corrected: view(pairs.corrected), rivm: view(pairs.rivm) };
}
