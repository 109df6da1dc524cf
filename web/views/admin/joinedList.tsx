import { useSignal } from '@preact/signals';
import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import type { PartProps } from './adminParts.tsx';
import { AdminRow } from './adminRow.tsx';

type Joined = AdminOverview['stations']['joined'][number];

/** Stations that were joined because they are one device: each can be taken out again, and that be undone. */
export function JoinedList({ context, a, model, overview }: PartProps) {
  const { joined } = overview.stations;
  const taken = useSignal<(Joined & { newId: string }) | undefined>(undefined);
  const last = taken.value;
  const pathOf = (id: string, other: string) => `/admin/stations/${id}/joined/${other}`;
  const split = (each: Joined) =>
    void model.act('excluded', async () => {
      const { id } = (await model.call('DELETE', pathOf(each.id, each.joinedId))) as { id: string };
      taken.value = { ...each, newId: id };
    });
  const undo = ({ id, newId }: Joined & { newId: string }) =>
    void model.act('excluded', async () => {
      await model.call('PUT', pathOf(id, newId));
      taken.value = undefined;
    });
  if (joined.length === 0 && last === undefined) return null;
  return (
    <>
      <h3 class="admin-subheading">{a.joined.heading}</h3>
      <p class="note">{a.joined.intro}</p>
      <ul class="admin-rows">
        {joined.map((each) => (
          <AdminRow
            key={each.joinedId}
            model={model}
            action={a.joined.split}
            label={a.joined.splitLabel(each)}
            onAction={() => split(each)}
          >
            <a href={`/station/${each.id}${location.search}`}>{each.name}</a>: {each.joinedName}
            <span class="note"> ({a.since(context.format.date(Date.parse(each.joinedAt)))})</span>
          </AdminRow>
        ))}
        {last && (
          <AdminRow model={model} action={a.joined.undo} onAction={() => undo(last)}>
            <a href={`/station/${last.newId}${location.search}`}>{last.joinedName}</a> {a.joined.alone}
          </AdminRow>
        )}
      </ul>
    </>
  );
}
