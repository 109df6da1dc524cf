import { type Signal, useSignal } from '@preact/signals';
import type { AnnotationView } from '../../../server/domain/contract.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { ANNOTATION_DAYS, ANNOTATION_KINDS, type AnnotationKind } from '../../../server/domain/stationHistory.ts';
import { localToTime, timeToLocal } from '../../state/host/localTime.ts';
import { ActionButton } from '../actionButton.tsx';
import { Select } from '../host/select.tsx';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps, Section } from './myStationParts.tsx';

const KINDS = Object.keys(ANNOTATION_KINDS) as AnnotationKind[];

/** Periods the owner marked: new ones, the list, and a way back from each removal. */
export function PeriodsPart(props: PartProps) {
  const { m, model } = props;
  const removed = useSignal<AnnotationView | undefined>(undefined);
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
      <PeriodList {...props} onRemove={(annotation) => void remove(annotation)} />
    </Section>
  );
}

function PeriodList(props: PartProps & { onRemove: (annotation: AnnotationView) => void }) {
  const { m, model, view, onRemove } = props;
  const newestFirst = [...view.annotations].sort((a, b) => b.from.localeCompare(a.from));
  if (newestFirst.length === 0) return <p class="note">{m.noPeriods}</p>;
  return (
    <ul class="my-rows">
      {newestFirst.map((annotation) => (
        <li key={annotation.id}>
          <span>{describe(props, annotation)}</span>
          <ActionButton
            type="button"
            class="button"
            aria-label={m.takeOffLabel(describe(props, annotation))}
            isBusy={model.isBusy.value}
            onClick={() => onRemove(annotation)}
          >
            {m.takeOff}
          </ActionButton>
        </li>
      ))}
    </ul>
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
  const from = useSignal(timeToLocal(now - 2 * HOUR_MS, timeZone));
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
      </div>
      <div class="host-pair">
        <TimeField id="period-from" label={m.from} time={from} isWrong={isWrong.value} />
        <TimeField id="period-to" label={m.to} time={to} isWrong={isWrong.value} />
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

interface TimeFieldProps {
  id: string;
  label: string;
  time: Signal<string>;
  isWrong: boolean;
}

function TimeField({ id, label, time, isWrong }: TimeFieldProps) {
  return (
    <TextField
      id={id}
      label={label}
      type="datetime-local"
      value={time.value}
      isInvalid={isWrong}
      onInput={(value) => {
        time.value = value;
      }}
    />
  );
}

/** As the API takes it. */
function isPeriod(from: number | undefined, to: number | undefined): boolean {
  if (from === undefined || to === undefined || to <= from) return false;
  const { longest, ahead } = ANNOTATION_DAYS;
  return to - from <= longest * DAY_MS && to <= Date.now() + ahead * DAY_MS;
}
