import type { ReadonlySignal } from '@preact/signals';
import { objectionTo } from '../../server/domain/assessment/flagWords.ts';
import { DAY_MS } from '../../server/domain/durations.ts';
import { QUANTITIES } from '../../server/domain/quantity.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationHistory } from '../state/stationHistory.ts';
import { Heading, type SectionLevel } from './heading.tsx';

interface SnapshotsProps {
  context: PageContext;
  history: StationHistory;
  now: ReadonlySignal<number>;
  level: SectionLevel;
}

/** The last single reading of every quantity, raw, with its time: for those who look closer. */
export function Snapshots({ context, history, now, level }: SnapshotsProps) {
  const { t, format, nameOf, language } = context;
  const latest = history.feature.value?.properties.latest;
  const measured = QUANTITIES.filter((quantity) => latest?.[quantity]);
  if (!latest || measured.length === 0) return null;
  return (
    <section class="snapshots" aria-labelledby="snapshots-heading">
      <Heading level={level} id="snapshots-heading">
        {t.snapshots}
      </Heading>
      <table>
        <caption>{t.snapshotsNote}</caption>
        <tbody>
          {measured.map((quantity) => {
            const value = latest[quantity];
            if (!value) return null;
            const at = Date.parse(value.measuredAt);
            const objection = objectionTo(value.flags, language);
            const isOld = now.value - at > DAY_MS;
            return (
              <tr key={quantity}>
                <th scope="row">{nameOf(quantity)}</th>
                <td class="number">
                  {format.value(quantity, value.value)}
                  {objection && <span class="snapshot-objection">{objection}</span>}
                </td>
                <td class="snapshot-time">
                  <time dateTime={value.measuredAt}>{isOld ? format.dateTime(at) : format.clock(at)}</time>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
