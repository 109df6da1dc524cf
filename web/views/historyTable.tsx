import { useSignal } from '@preact/signals';
import { type Quantity, UNITS } from '../../server/domain/quantity.ts';
import type { CorrectedHour, HistoryPoint, Period } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';

interface TableProps {
  context: PageContext;
  points: readonly HistoryPoint[];
  /** Hours after a correction: a column of their own. */
  corrected: readonly CorrectedHour[];
  period: Period;
  quantity: Quantity;
}

/** The chart's numbers, newest first; made when it is opened. */
export function HistoryTable({ context, points, corrected, period, quantity }: TableProps) {
  const { t, format, nameOf } = context;
  const isOpen = useSignal(false);
  const hasBoth = corrected.length > 0;
  const adjusted = new Map(corrected.map(({ start, mean }) => [start, format.number(mean, 1)]));
  return (
    <details
      class="history-table"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{t.historyTable[period]}</summary>
      {isOpen.value && (
        <table>
          <caption>{t.historyCaption[period](nameOf(quantity))}</caption>
          <thead>
            <tr>
              <th scope="col">{t.start}</th>
              <th scope="col" class="number">
                {hasBoth ? t.correction.rawColumn : t.mean} ({UNITS[quantity]})
              </th>
              {hasBoth && (
                <th scope="col" class="number">
                  {t.correction.column} ({UNITS[quantity]})
                </th>
              )}
              <th scope="col" class="number">
                {t.readings}
              </th>
            </tr>
          </thead>
          <tbody>
            {[...points].reverse().map(({ start, mean, count, expected }) => (
              <tr key={start}>
                <th scope="row">{format.dateTime(start)}</th>
                <td class="number">{format.number(mean, 1)}</td>
                {hasBoth && <td class="number">{adjusted.get(start) ?? '–'}</td>}
                <td class="number">{expected > 0 ? `${count}/${expected}` : count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
