import { useSignal } from '@preact/signals';
import type { AnnotationView } from '../../server/domain/contract.ts';
import { ANNOTATION_KINDS, type AnnotationKind } from '../../server/domain/stationHistory.ts';
import { localToTime, timeToLocal } from '../state/host/localTime.ts';
import { ActionButton } from './actionButton.tsx';
import { Select } from './host/select.tsx';
import { Outcome, type PartProps, Section, TextField } from './myStationParts.tsx';

const DAY_MS = 86_400_000;
const KINDS = Object.keys(ANNOTATION_KINDS) as AnnotationKind[];

/** Periods the owner marked: new ones, the list, and a way back from each removal. */
export function PeriodsPart(props: PartProps) {
  const { m, model, view } = props;
  const removed = useSignal<AnnotationView | undefined>(undefined);
  const newestFirst = [...view.annotations].sort((a, b) => b.from.localeCompare(a.from));
  const remove = async (annotation: AnnotationView) => {
    if (await model.removeAnnotation(annotation.id)) removed.value = annotation;
  };
  const undo = async () => {
    const gone = removed.value;
    if (gone === undefined) return;
    const { kind, from, to } = gone;
    if (await model.annotate({ kind, from, to })) removed.value = undefined;
  };
  const gone = removed.value;
  return (
    <Section part="periods" m={m}>
      <p>{m.periodsIntro}</p>
      <PeriodForm {...props} />
      <Outcome {...props} part="periods" />
      <div aria-live="polite">
        {gone && (
          <p class="my-undo">
            {m.takenOff(describe(props, gone))}{' '}
            <button type="button" class="button" onClick={() => void undo()}>
              {m.undo}
            </button>
          </p>
        )}
      </div>
      {newestFirst.length === 0 ? (
        <p class="note">{m.noPeriods}</p>
      ) : (
        <ul class="my-rows">
          {newestFirst.map((annotation) => (
            <li key={annotation.id}>
              <span>{describe(props, annotation)}</span>
              <ActionButton
                type="button"
                class="button"
                aria-label={m.takeOffLabel(describe(props, annotation))}
                isBusy={model.isBusy.value}
                onClick={() => void remove(annotation)}
              >
                {m.takeOff}
              </ActionButton>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function describe({ context, m }: PartProps, { kind, from, to }: AnnotationView): string {
  const { format, language } = context;
  const when = m.deviceHistoryRow({ from: format.dateTime(Date.parse(from)), to: format.dateTime(Date.parse(to)) });
  return `${when}: ${ANNOTATION_KINDS[kind][language]}`;
}

function PeriodForm({ context, m, model }: PartProps) {
  const { timeZone } = context.instance;
  const now = model.now.peek();
  const kind = useSignal<AnnotationKind>('barbecue');
  const from = useSignal(timeToLocal(now - 2 * 3_600_000, timeZone));
  const to = useSignal(timeToLocal(now, timeZone));
  const isWrong = useSignal(false);
  const send = (event: Event) => {
    event.preventDefault();
    const [start, end] = [localToTime(from.value, timeZone), localToTime(to.value, timeZone)];
    isWrong.value = !isPeriod(start, end);
    if (start === undefined || end === undefined || isWrong.value) return;
    void model.annotate({ kind: kind.value, from: new Date(start).toISOString(), to: new Date(end).toISOString() });
  };
  return (
    <form class="my-form" onSubmit={send} noValidate>
      <div class="host-pair">
        <Select
          id="period-kind"
          label={m.kind}
          options={KINDS.map((value) => ({ value, label: ANNOTATION_KINDS[value][context.language] }))}
          value={kind.value}
          onChange={(value) => {
            kind.value = value as AnnotationKind;
          }}
        />
        <TextField
          id="period-from"
          label={m.from}
          type="datetime-local"
          value={from.value}
          isInvalid={isWrong.value}
          onInput={(value) => {
            from.value = value;
          }}
        />
        <TextField
          id="period-to"
          label={m.to}
          type="datetime-local"
          value={to.value}
          isInvalid={isWrong.value}
          onInput={(value) => {
            to.value = value;
          }}
        />
      </div>
      {isWrong.value && (
        <p class="field-error" role="alert">
          {m.periodWrong}
        </p>
      )}
      <ActionButton type="submit" class="button is-main" isBusy={model.isBusy.value}>
        {m.mark}
      </ActionButton>
    </form>
  );
}

/** The server's own bounds. */
function isPeriod(from: number | undefined, to: number | undefined): boolean {
  return (
    from !== undefined && to !== undefined && to > from && to - from <= 366 * DAY_MS && to <= Date.now() + 92 * DAY_MS
  );
}
