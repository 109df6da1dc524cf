import { QUEUES } from '../../../server/domain/operator/adminOverview.ts';
import { bytesText, type PartProps, Section, timeText } from './adminParts.tsx';

/** What waits, and how far behind the program is. */
export function WaitingPart({ context, a, overview }: PartProps) {
  const { format } = context;
  const { waiting } = a;
  const { lag, queues } = overview;
  const milliseconds = (ms: number) => `${format.number(ms, ms < 10 ? 1 : 0)}\u202fms`;
  const age = lag.newestReadingSeconds;
  const facts: [string, string][] = [
    [waiting.newest, age === null ? waiting.none : waiting.ago(age)],
    [waiting.commit, lag.commitMs === null ? waiting.none : milliseconds(lag.commitMs)],
    [waiting.loop, milliseconds(lag.eventLoopMs)],
    [waiting.hours, lag.hoursClosedUntil === null ? waiting.none : timeText(context, lag.hoursClosedUntil)],
    [waiting.remake, format.number(lag.stationsToRemake, 0)],
  ];
  for (const name of QUEUES) {
    const value = queues[name];
    if (value === undefined) continue;
    facts.push([waiting.queue[name], name.endsWith('Bytes') ? bytesText(context, value) : format.number(value, 0)]);
  }
  return (
    <Section part="waiting" a={a}>
      <dl class="admin-facts">
        {facts.map(([label, value]) => [<dt key={label}>{label}</dt>, <dd key={`${label}-`}>{value}</dd>])}
      </dl>
    </Section>
  );
}
