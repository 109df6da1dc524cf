import type { OwnStation } from '../../../server/domain/ownStation.ts';
import { isParticulate, QUANTITIES, type Quantity } from '../../../server/domain/quantity.ts';
import type { MyStationTexts } from '../../i18n/host/myStationTexts.ts';
import { PERIODS } from '../../state/history.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { Choice } from '../choice.tsx';
import { HistorySection } from '../historyView.tsx';
import { MeansNotice } from '../meansNotice.tsx';
import { type PartProps, Section } from './myStationParts.tsx';

/** The newest value of everything, and the courses with their marks. */
export function ValuesPart({ context, m, model, view }: PartProps) {
  const measured = QUANTITIES.filter((quantity) => view.latest[quantity] !== undefined);
  const charted = measured.filter(isParticulate);
  const quantity = model.quantity.value;
  const choose = (chosen: Quantity) => {
    model.quantity.value = chosen;
    void model.history.open(chosen);
  };
  return (
    <Section part="values" m={m}>
      {measured.length === 0 ? (
        <p>{noValuesText(m, view, context)}</p>
      ) : (
        <LatestValues context={context} view={view} measured={measured} />
      )}
      {charted.length > 1 && (
        <Choice
          name="my-quantity"
          label={m.quantity}
          options={charted.map((value) => ({ value, label: context.nameOf(value) }))}
          value={quantity}
          onChoose={choose}
        />
      )}
      {charted.length > 0 && <MeansNotice context={context} history={model.history} />}
      {charted.length > 0 &&
        PERIODS.map((period) => (
          <HistorySection
            key={period}
            id={`my-history-${period}`}
            heading={context.t.historyOf[period]}
            period={period}
            level={3}
            context={context}
            history={model.history}
            quantity={quantity}
            scaleId="neutral"
            now={model.now}
          />
        ))}
    </Section>
  );
}

/** None so far, or none of here and now: a station that was moved through the door shows nothing of before. */
function noValuesText(m: MyStationTexts, { devices }: OwnStation, { format }: HostContext): string {
  const heard = devices.flatMap(({ lastSeenAt }) => (lastSeenAt === null ? [] : [Date.parse(lastSeenAt)]));
  return heard.length === 0 ? m.noValues : m.noValuesNow(m.lastSeen(format.dateTime(Math.max(...heard))));
}

function LatestValues({
  context,
  view,
  measured,
}: Pick<PartProps, 'context' | 'view'> & { measured: readonly Quantity[] }) {
  const { t, format, nameOf } = context;
  return (
    <table class="my-values">
      <caption class="visually-hidden">{t.snapshots}</caption>
      <tbody>
        {measured.map((quantity) => {
          const { value, measuredAt, flags } = view.latest[quantity]!;
          return (
            <tr key={quantity}>
              <th scope="row">{nameOf(quantity)}</th>
              <td class="number">
                {format.value(quantity, value)}
                {flags.length > 0 && ` (${t.state.doubtful})`}
              </td>
              <td class="my-when">
                <time dateTime={measuredAt}>{format.dateTime(Date.parse(measuredAt))}</time>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
