import { LEDGER_VERSION } from '../../domain/limits/dayLedger.ts';
import { type CsvForm, csvFile } from '../http/csvFile.ts';
import type { DaysAbove } from './daysAboveViews.ts';

const COLUMNS = [
  'date',
  'mean',
  'uncertainty',
  'state',
  'with U subtracted',
  'with U added',
  'stations',
  'marks',
  'uncertaintyFrom',
];

/** The ledger as a file. */
export function daysAboveCsv(form: CsvForm, ledger: DaysAbove): string {
  const { limit, year, quantity, day } = ledger;
  const place =
    ledger.areaId === undefined
      ? `Station: ${ledger.name} (${ledger.stationId})`
      : `Area: ${ledger.name} (${ledger.areaId})`;
  return csvFile(form, {
    head: [
      'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.',
      'Indicative comparison: only the official network can establish a breach.',
      `${place}; year ${year}; quantity ${quantity}; unit µg/m³; days at UTC${day}`,
      `Value: ${limit.value} µg/m³, daily mean, ${limit.permitted} days a year permitted; ${limit.instrument.en} (${limit.id})${limit.isUnconfirmed ? ', unconfirmed' : ''}, checked ${limit.checkedOn}`,
      `Days above as measured: ${text(ledger.above)}; with U subtracted ${text(ledger.aboveAtLeast)}, with U added ${text(ledger.aboveAtMost)}`,
      `Valid days: ${ledger.validDays} of ${ledger.days}; without coverage ${ledger.notCounted}; not over yet ${ledger.openDays}. A day needs 18 valid hours, an area 3 stations.`,
      `Method: ${LEDGER_VERSION}; uncertainty: ${ledger.uncertaintyMethod}`,
      `Licence: ${ledger.licences.join('; ')}`,
    ],
    columns: COLUMNS,
    rows: ledger.lines.map((line) => [
      ...[line.date, line.mean, line.uncertainty, line.state],
      ...[line.lowest, line.highest, line.stations, line.marks.join(' '), line.uncertaintyFrom ?? ''],
    ]),
  });
}

function text(count: number | null): string {
  return count === null ? 'unknown' : String(count);
}
