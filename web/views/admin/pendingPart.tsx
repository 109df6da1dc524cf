import { type Signal, useSignal } from '@preact/signals';
import type { PendingStation } from '../../../server/domain/operator/adminOverview.ts';
import { REFUSAL_REASONS, REFUSAL_WORDS, type RefusalReason } from '../../../server/domain/operator/stationRefusal.ts';
import { Select } from '../host/select.tsx';
import { modelName } from '../stationFacts.tsx';
import { Outcome, type PartProps, Section, timeText } from './adminParts.tsx';

/** Stations that wait to be let through. */
export function PendingPart(props: PartProps) {
  const { a, model, overview } = props;
  const { pending } = overview.stations;
  return (
    <Section part="pending" a={a}>
      {pending.length === 0 && <p class="note">{a.pending.none}</p>}
      <ul class="admin-cards">
        {pending.map((station) => (
          <Pending key={station.id} {...props} station={station} />
        ))}
      </ul>
      <Outcome a={a} model={model} part="pending" />
    </Section>
  );
}

type PendingProps = PartProps & { station: PendingStation };

function Pending({ station, ...props }: PendingProps) {
  const { context, a } = props;
  const isRefusing = useSignal(false);
  const { id, name, refusal, place } = station;
  const facts = [
    a.pending.registered(timeText(context, station.createdAt)),
    station.lastHeardAt === null ? a.pending.never : a.pending.heard(timeText(context, station.lastHeardAt)),
    ...(station.sensorModels.length > 0 ? [station.sensorModels.map(modelName).join(', ')] : []),
    ...(station.isIndoor ? [a.pending.indoor] : []),
  ];
  const where = `${place.lat.toFixed(4)}, ${place.lon.toFixed(4)}`;
  return (
    <li>
      <h3>{name}</h3>
      <p>{facts.join(' · ')}</p>
      <p class="note">
        {a.pending.place}: {where}
        {station.area !== undefined && ` (${station.area ?? a.pending.noArea})`}
      </p>
      {refusal && (
        <p class="is-bad">
          {a.pending.refused({
            reason: REFUSAL_REASONS[refusal.reason][context.language],
            time: timeText(context, refusal.at),
          })}
        </p>
      )}
      <Actions {...props} station={station} isRefusing={isRefusing} />
      {isRefusing.value && !refusal && <RefuseForm {...props} stationId={id} />}
    </li>
  );
}

function Actions({ a, model, station, isRefusing }: PendingProps & { isRefusing: Signal<boolean> }) {
  const { id, name, refusal } = station;
  const approve = () => void model.act('pending', () => model.call('POST', `/stations/${id}/approve`));
  return (
    <p class="admin-actions">
      <button
        type="button"
        class="button is-main"
        aria-label={a.pending.approveLabel(name)}
        disabled={model.isBusy.value}
        onClick={approve}
      >
        {a.pending.approve}
      </button>
      {!refusal && (
        <button
          type="button"
          class="button"
          aria-label={isRefusing.value ? a.pending.cancelLabel(name) : a.pending.refuseLabel(name)}
          aria-expanded={isRefusing.value}
          onClick={() => {
            isRefusing.value = !isRefusing.value;
          }}
        >
          {isRefusing.value ? a.pending.cancel : a.pending.refuse}
        </button>
      )}
    </p>
  );
}

function RefuseForm({ context, a, model, stationId }: PartProps & { stationId: string }) {
  const reason = useSignal<RefusalReason>('outside-area');
  const refuse = (event: Event) => {
    event.preventDefault();
    void model.act('pending', () =>
      model.call('PUT', `/admin/stations/${stationId}/refusal`, { reason: reason.value }),
    );
  };
  return (
    <form class="admin-form" onSubmit={refuse}>
      <Select
        id={`refuse-${stationId}`}
        label={a.pending.reason}
        options={REFUSAL_WORDS.map((value) => ({ value, label: REFUSAL_REASONS[value][context.language] }))}
        value={reason.value}
        onChange={(value) => {
          reason.value = value as RefusalReason;
        }}
      />
      <p class="note">{a.pending.refuseNote}</p>
      <button type="submit" class="button" disabled={model.isBusy.value}>
        {a.pending.refuseNow}
      </button>
    </form>
  );
}
