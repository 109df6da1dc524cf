import { useSignal } from '@preact/signals';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import { type PartProps, Section } from './adminParts.tsx';
import { RateChart } from './rateChart.tsx';

const KINDS = ['messages', 'readings', 'rejections'] as const;

/** Messages, readings and refusals: a second, and over the last day. */
export function FlowPart(props: PartProps) {
  const { context, a, overview } = props;
  const { now, cells } = overview.rates;
  return (
    <Section part="flow" a={a}>
      <dl class="admin-rates">
        {KINDS.map((kind) => (
          <div key={kind}>
            <dt>{a.flow[kind]}</dt>
            <dd>
              <span class="figure-number">{rateText(context, now[kind])}</span>{' '}
              <span class="admin-unit">{a.flow.perSecond}</span>
            </dd>
          </div>
        ))}
      </dl>
      {cells.length === 0 ? (
        <p class="note">{a.flow.empty}</p>
      ) : (
        <>
          <RateChart {...props} />
          <HourTable {...props} />
        </>
      )}
    </Section>
  );
}

function rateText({ format }: PartProps['context'], perSecond: number): string {
  if (perSecond === 0) return format.number(0, 0);
  return format.number(perSecond, perSecond < 10 ? 2 : 0);
}

type Hour = Omit<AdminOverview['rates']['cells'][number], 'start'> & { start: number };

/** The chart's numbers, newest first; made when it is opened. */
function HourTable({ context, a, overview }: PartProps) {
  const { format } = context;
  const isOpen = useSignal(false);
  const running = Math.floor(Date.parse(overview.at) / HOUR_MS) * HOUR_MS;
  return (
    <details
      class="admin-table"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{a.flow.table}</summary>
      {isOpen.value && (
        <table>
          <thead>
            <tr>
              <th scope="col">{a.flow.hour}</th>
              {KINDS.map((kind) => (
                <th scope="col" class="number" key={kind}>
                  {a.flow[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hoursOf(overview.rates.cells).map((hour) => (
              <tr key={hour.start}>
                <th scope="row">
                  {format.dateTime(hour.start)}
                  {hour.start === running && <span class="note"> ({a.flow.now})</span>}
                </th>
                {KINDS.map((kind) => (
                  <td class="number" key={kind}>
                    {format.number(hour[kind], 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function hoursOf(cells: AdminOverview['rates']['cells']): Hour[] {
  const hours = new Map<number, Hour>();
  for (const { start, messages, readings, rejections } of cells) {
    const at = Math.floor(Date.parse(start) / HOUR_MS) * HOUR_MS;
    const hour = hours.get(at) ?? { start: at, messages: 0, readings: 0, rejections: 0 };
    hours.set(at, {
      start: at,
      messages: hour.messages + messages,
      readings: hour.readings + readings,
      rejections: hour.rejections + rejections,
    });
  }
  return [...hours.values()].sort((one, other) => other.start - one.start);
}
