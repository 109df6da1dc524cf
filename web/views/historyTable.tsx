import { useSignal } from '@preact/signals';
import { type Quantity, UNITS } from '../../server/domain/quantity.ts';
import type { HistoryPoint, Period } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';

interface TableProps {
  context: PageContext;
  points: readonly HistoryPoint[];
  period: Period;
  quantity: Quantity;
}

/** The chart's numbers, newest first; made when it is opened. */
export function HistoryTable({ context, points, period, quantity }: TableProps) {
  const { t, format, nameOf } = context;
  const isOpen = useSignal(false);
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
                {t.mean} ({UNITS[quantity]})
              </th>
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
                <td class="number">{expected > 0 ? `${count}/${expected}` : count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
