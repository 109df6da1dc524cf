#!/usr/bin/env node
/**
 * Checks a Bürgerluft citation without Bürgerluft: node check-citation.mjs bundle.json
 *
 * Written from docs/citation-format.md alone; uses nothing but Node.js 20 or later. It holds every row against the id, the
 * id against the signature, and computes the figure and the days above anew. It does not redo the Gegenprobe.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const DAY = 86_400_000;
process.on('uncaughtException', ({ message }) => stop(`this has not the form of a citation (${message})`));

const bundle = JSON.parse(readFileSync(process.argv[2] ?? 0, 'utf8'));
if (bundle.schemaVersion !== 1) stop(`unknown schemaVersion ${bundle.schemaVersion}`);
const head = bundle.head.value;
const withdrawn = bundle.stations.filter((station) => 'withdrawn' in station).length;

checkTree();
checkSignature();
const present = bundle.stations.filter((station) => !('withdrawn' in station));
const courses = present.map((station) => courseOf(station.rows.map(([, , row]) => row)));
for (const [at, station] of present.entries())
  same(`mean of station ${at}`, station.numbers.value.mean, courses[at].mean);
if (withdrawn === 0) checkFigure();
const withheld = present.filter(({ place }) => 'withheld' in place).length;
const missing = [
  ...(withdrawn > 0 ? [`${withdrawn} of ${bundle.stations.length} stations withdrawn`] : []),
  ...(withheld > 0 ? [`the place of ${withheld} of ${bundle.stations.length} stations withheld`] : []),
].join(', ');
console.log(missing === '' ? 'HOLDS' : `HOLDS AS FAR AS CHECKABLE: ${missing}`);
console.log('Checked: the numbers follow from the measurements. Not checked: whether the sensors measured right;');
console.log(`whose key ${bundle.publicKey} is; the Gegenprobe; official values; other periods.`);

/** RFC 8785: sorted keys, no blanks. ECMAScript writes numbers and strings as it asks. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** One bundle has one form: upper case or half a byte would be read as well. */
function bytes(hex) {
  return /^([0-9a-f]{2})+$/.test(hex) ? Buffer.from(hex, 'hex') : stop(`${hex} is not lower-case hex`);
}

function leaf({ salt, check, value }, name) {
  const hash = sha256(Buffer.from([0]), bytes(salt), canonical(value));
  if (hash.toString('hex').slice(0, 8) !== check) stop(`${name} was changed`);
  return hash;
}

function root(hashes) {
  while (hashes.length > 1) {
    const above = [];
    for (let at = 0; at < hashes.length; at += 2) {
      const [left, right] = [hashes[at], hashes[at + 1]];
      above.push(right ? sha256(Buffer.from([1]), left, right) : left);
    }
    hashes = above;
  }
  return hashes[0];
}

function checkTree() {
  const roots = bundle.stations.map((station, at) => {
    if ('withdrawn' in station) return bytes(station.withdrawn);
    const { place, facts, numbers, rows } = station;
    const first = 'withheld' in place ? bytes(place.withheld) : leaf(place, `stations[${at}].place`);
    const leaves = rows.map(([salt, check, value], row) =>
      leaf({ salt, check, value }, `stations[${at}].rows[${row}]`),
    );
    return root([first, leaf(facts, `stations[${at}].facts`), leaf(numbers, `stations[${at}].numbers`), ...leaves]);
  });
  if (head.stationCount !== bundle.stations.length) stop('the number of stations was changed');
  if (root([leaf(bundle.head, 'head'), ...roots]).toString('hex') !== bundle.id)
    stop('the id does not fit the contents');
}

function checkSignature() {
  const spki = { key: bytes(`302a300506032b6570032100${bundle.publicKey}`), format: 'der', type: 'spki' };
  const text = Buffer.from(`buergerluft-citation:1:${bundle.id}`);
  if (!verify(null, text, createPublicKey(spki), bytes(bundle.signature))) stop('the signature is not of this key');
}

/** A station's daily means and its mean of the period, methods report-1 to report-3. */
function courseOf(rows) {
  const { from, to, dayOffset, choices } = head.question;
  const start = Date.parse(`${from}T00:00:00${dayOffset}`);
  const days = Math.round((Date.parse(`${to}T00:00:00${dayOffset}`) - start) / DAY) + 1;
  const perDay = Array.from({ length: days }, () => ({ sum: 0, count: 0, humid: 0 }));
  for (const [at, sensor, raw, , , flags, humidity] of rows) {
    const day = perDay[Math.floor((at - start) / DAY)];
    const value = choices.values === 'raw' ? raw : dried({ sensor, raw, humidity });
    const has = (test) => Object.entries(flags).some(([name, share]) => test(name) && share >= 0.5);
    if (day === undefined || value === null) continue;
    if (choices.doubtful === 'without' && has((name) => ['pm25-above-pm10', 'spike'].includes(name))) continue;
    if (choices.annotated === 'without' && has((name) => name.startsWith('annotated'))) continue;
    [day.sum, day.count, day.humid] = [day.sum + value, day.count + 1, day.humid + (flags.humid ?? 0)];
  }
  const means = perDay.map((day) => (day.count >= 18 ? tidy(day.sum / day.count) : null));
  const valid = means.filter((each) => each !== null);
  return {
    mean: valid.length > 0 && valid.length >= 0.75 * days ? mean(valid) : null,
    days: means,
    humid: perDay.map((day) => (day.count === 0 ? 0 : tidy(day.humid / day.count))),
  };
}

/** The choice gamma-de: made for the SDS011; the humidity counts up to 95 %. */
function dried({ sensor, raw, humidity }) {
  if (raw === null || humidity === null || !/^sds011(-\d+)?$/.test(sensor)) return null;
  const activity = Math.min(humidity, 95) / 100;
  return tidy(raw / (1 + 0.22 * (activity / (1 - activity))));
}

function checkFigure() {
  const { place, choices, quantity } = head.question;
  const isSingle = place.stationIds?.length === 1;
  const least = isSingle ? 1 : 3;
  let used = present.map(({ facts }, at) => ({ facts: facts.value, ...courses[at] }));
  if (!isSingle) used = used.filter(({ facts }) => !facts.isIndoor && facts.excludedFor === null);
  if (choices.stations !== 'all') used = used.filter(({ facts }) => facts.validLastYear === true);
  const highest = Math.max(...used.flatMap(({ mean }) => mean ?? []));
  const dropped = choices.highest === 'without' && !isSingle ? used.find(({ mean }) => mean === highest) : undefined;
  used = used.filter((station) => station !== dropped);
  const middle = choices.statistic === 'median' ? median : mean;
  const means = used.flatMap(({ mean }) => mean ?? []);
  const { figure } = head.answer;
  same('stations that count', figure.n, means.length);
  same('figure', figure.value, means.length >= least ? middle(means) : null);
  const days = figure.days.map((_, at) => {
    const valid = used.filter((station) => station.days[at] !== null);
    if (valid.length < least) return null;
    const value = middle(valid.map((station) => station.days[at]));
    const humidShare = mean(valid.map((station) => station.humid[at]));
    const compared = comparisonU(valid, figure.days[at].date);
    return { value, u: uncertainty({ quantity, value, humidShare, compared }) };
  });
  days.forEach((day, at) => {
    same(`value of ${figure.days[at].date}`, figure.days[at].value, day?.value ?? null);
    same(`uncertainty of ${figure.days[at].date}`, figure.days[at].uncertainty, day?.u ?? null);
  });
  if (figure.ledger === null) return;
  const above = (shift) => days.filter((day) => day && halfUp(day.value + shift * day.u) > head.limit.value).length;
  same('days above', figure.ledger.above, above(0));
  same('days above, at least', figure.ledger.aboveAtLeast, above(-1));
  same('days above, at most', figure.ledger.aboveAtMost, above(1));
  same('days not counted', figure.ledger.notCounted, days.filter((day) => day === null).length);
}

/** From report-2 on: the largest that the stations' comparisons of the day's month show; 0 without any. */
function comparisonU(stations, date) {
  if (head.evaluator === 'report-1' || head.question.choices.values !== 'raw') return 0;
  const months = stations.flatMap(({ facts }) => facts.comparisons ?? []);
  return Math.max(0, ...months.filter(({ month }) => date.startsWith(month)).map(({ u }) => u));
}

function uncertainty({ quantity, value, humidShare, compared }) {
  const [absolute, share] = quantity === 'pm25' ? [8.8, 35] : [22.5, 50];
  const excess = 1 - 1 / (1 + 0.22 * (0.85 / (1 - 0.85)));
  return tidy(Math.hypot(Math.max(absolute, (value * share) / 100, compared), humidShare * excess * value));
}

function halfUp(value) {
  const factor = 10 ** head.limit.rounding.places;
  return Math.floor(tidy(tidy(value) * factor) + 0.5) / factor;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return tidy(low + (high - low) * 0.5);
}

function mean(values) {
  return tidy(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** Nine decimals: sums of binary fractions carry noise beyond. */
function tidy(value) {
  return Math.round(value * 1e9) / 1e9;
}

function same(what, stated, computed) {
  if (stated !== computed) stop(`${what} is stated as ${stated}, the rows give ${computed}`);
}

function stop(why) {
  console.log(`DOES NOT HOLD: ${why}`);
  process.exit(1);
}
