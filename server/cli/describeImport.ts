import type { ImportReport, RefusalCount } from '../archive/importReport.ts';
import type { SensorMove } from '../archive/stationPlaces.ts';
import { fileTrouble } from './fileTrouble.ts';
import { counted, number } from './progressLines.ts';

const MAX_MOVES = 10;

/** An import's report for people. */
export function describeImport(report: ImportReport): string {
  const { files, stations, refused, moves, notes, rows, ms, isStopped } = report;
  const perSecond = rows === 0 ? '' : ` (${number(Math.round((rows / Math.max(1, ms)) * 1000))} rows/s)`;
  const lines = [
    ...(isStopped ? ['Stopped before the end; run the same command again to go on.'] : []),
    `Files      ${number(files.read)} read, ${number(files.done)} imported before, ${number(files.refused)} not readable`,
    `Rows       ${number(rows)} in ${(ms / 1000).toFixed(1)} s${perSecond}`,
    ...rowLines(report),
    `Stations   ${number(stations.made)} new, ${number(stations.extended)} with a new sensor`,
    ...refused.flatMap(refusalLines),
    ...moveLines(moves),
    ...notes.map((note) => `Note       ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function rowLines({ isDryRun, stored, duplicates, conflicts, refusedRows }: ImportReport): string[] {
  const refused = `  refused    ${number(refusedRows)}`;
  if (isDryRun) return [`  to store   ${number(stored)} (dry run: nothing was written)`, refused];
  return [
    `  stored     ${number(stored)}`,
    `  duplicate  ${number(duplicates)}`,
    `  conflict   ${number(conflicts)} (another value is stored already, and stays)`,
    refused,
  ];
}

function refusalLines({ part, reason, count, examples }: RefusalCount): string[] {
  const places = examples.map(({ file, line, detail }) => {
    const place = line === 0 ? file : `${file}:${line}`;
    const why = reason === 'unreadable-file' ? fileTrouble(detail) : JSON.stringify(detail);
    return `             ${place}${detail === '' ? '' : `  ${why}`}`;
  });
  return [`Refused    ${counted(count, part)}: ${reason}`, ...places];
}

function moveLines(moves: readonly SensorMove[]): string[] {
  const lines = moves.slice(0, MAX_MOVES).map(({ sensorId, metres, from, to, stationId }) => {
    const way = `${from.lat}, ${from.lon} -> ${to.lat}, ${to.lon}`;
    return `Moved      sensor ${sensorId} by ${(metres / 1000).toFixed(1)} km (${way}): its later place is station ${stationId}`;
  });
  const more = moves.length - lines.length;
  return more > 0 ? [...lines, `           and ${more} more`] : lines;
}
