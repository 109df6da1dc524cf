/**
 * Hours and days of the Bochum year by the written rules alone: no code of the program, nothing but the CSV file. Prints
 * JSON rows. `node plainRollups.mjs <file.csv.gz> <JSON [[from, to], ...] of deleted stretches, epoch ms>`
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [file, deletedText] = process.argv.slice(2);
const deleted = JSON.parse(deletedText);
const H = 3600_000;
const D = 24 * H;

const readings = new Map();
for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1)) {
  const [seconds, pm10, pm25] = line.split(';');
  const time = Number(seconds) * 1000;
  if (deleted.some(([from, to]) => time >= from && time < to) || readings.has(time)) continue;
  readings.set(time, { time, pm10: Number(pm10), pm25: Number(pm25) });
}
const rows = [...readings.values()].sort((a, b) => a.time - b.time);
// A day begins at 23:00 UTC.
const dayOf = (time) => Math.floor((time + H) / D) * D - H;
const middle = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

// How often it reports: the median gap of the day before, at most two days back; else of the day itself; else 149 s.
const gapsByDay = new Map();
for (let i = 1; i < rows.length; i++) {
  const day = dayOf(rows[i].time);
  gapsByDay.set(day, [...(gapsByDay.get(day) ?? []), rows[i].time - rows[i - 1].time]);
}
const medianGap = (day) => ((gapsByDay.get(day) ?? []).length >= 5 ? middle(gapsByDay.get(day)) : undefined);
const cadenceOf = (day) => {
  const known = medianGap(day - D) ?? medianGap(day - 2 * D) ?? medianGap(day) ?? 149_000;
  return Math.min(H, Math.max(1000, known));
};

// A pause of more than ten minutes, or twice the cadence, at most an hour.
const isPause = (i) => {
  const pause = Math.min(H, Math.max(600_000, 2 * cadenceOf(dayOf(rows[i].time))));
  return i > 0 && rows[i].time - rows[i - 1].time > pause;
};

/** Which readings repeat one value for six hours (twelve below 2 µg/m³) and seven readings without a pause. */
function stuck(quantity) {
  const marks = new Set();
  let start = 0;
  for (let i = 1; i <= rows.length; i++) {
    if (i < rows.length && rows[i][quantity] === rows[start][quantity] && !isPause(i)) continue;
    const lasts = rows[i - 1].time - rows[start].time;
    if (i - start >= 7 && lasts >= (rows[start][quantity] < 2 ? 12 : 6) * H) {
      for (let k = start; k < i; k++) marks.add(rows[k].time);
    }
    start = i;
  }
  return marks;
}

const out = { hours: [], days: [] };
for (const quantity of ['pm25', 'pm10']) {
  const isStuck = stuck(quantity);
  const byHour = new Map();
  for (const row of rows) {
    const hour = Math.floor(row.time / H) * H;
    byHour.set(hour, [...(byHour.get(hour) ?? []), row]);
  }
  for (const day of new Set(rows.map((row) => dayOf(row.time)))) {
    const cadence = cadenceOf(day);
    const expected = Math.max(1, Math.round(H / cadence));
    const hours = [];
    for (let hour = day; hour < day + D; hour += H) {
      const all = byHour.get(hour) ?? [];
      const counted = all.filter(({ time }) => !isStuck.has(time));
      const values = counted.map((row) => row[quantity]);
      const thirds = new Set(counted.map(({ time }) => Math.floor((time - hour) / (20 * 60_000))));
      const isValid = cadence <= 20 * 60_000 && values.length >= 0.75 * expected && thirds.size === 3;
      hours.push({
        quantity,
        start: hour,
        mean: isValid ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
        min: values.length ? Math.min(...values) : null,
        max: values.length ? Math.max(...values) : null,
        median: values.length ? middle(values) : null,
        count: values.length,
        expected,
        readings: all.length,
      });
    }
    out.hours.push(...hours);
    const means = hours.flatMap(({ mean }) => (mean === null ? [] : [mean]));
    const extremes = hours.filter(({ count }) => count > 0);
    out.days.push({
      quantity,
      start: day,
      mean: means.length >= 18 ? means.reduce((sum, mean) => sum + mean, 0) / means.length : null,
      min: extremes.length ? Math.min(...extremes.map(({ min }) => min)) : null,
      max: extremes.length ? Math.max(...extremes.map(({ max }) => max)) : null,
      median: means.length >= 18 ? middle(means) : null,
      count: hours.reduce((sum, { count }) => sum + count, 0),
      expected: hours.reduce((sum, hour) => sum + hour.expected, 0),
      readings: hours.reduce((sum, hour) => sum + hour.readings, 0),
    });
  }
}
process.stdout.write(JSON.stringify(out));
