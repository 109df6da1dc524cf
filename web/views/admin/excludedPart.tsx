import { EXCLUSION_REASONS } from '../../../server/domain/operator/exclusion.ts';
import { Outcome, type PartProps, Section } from './adminParts.tsx';
import { AdminRow } from './adminRow.tsx';
import { ExcludeSearch } from './excludeSearch.tsx';
import { JoinedList } from './joinedList.tsx';

/** Stations left out of figures, and the way to leave one out. */
export function ExcludedPart(props: PartProps) {
  const { context, a, model, overview } = props;
  const { excluded } = overview.stations;
  const include = (id: string) =>
    void model.act('excluded', () => model.call('DELETE', `/admin/stations/${id}/exclusion`));
  return (
    <Section part="excluded" a={a}>
      <p>{a.excluded.intro}</p>
      {excluded.length === 0 && <p class="note">{a.excluded.none}</p>}
      <ul class="admin-rows">
        {excluded.map(({ id, name, reason, text, since }) => (
          <AdminRow
            key={id}
            model={model}
            action={a.excluded.undo}
            label={a.excluded.undoLabel(name)}
            onAction={() => include(id)}
          >
            <a href={`/station/${id}${location.search}`}>{name}</a>:{' '}
            {reason === null ? text : EXCLUSION_REASONS[reason][context.language]}
            {since !== null && <span class="note"> ({a.since(context.format.date(Date.parse(since)))})</span>}
          </AdminRow>
        ))}
      </ul>
      <ExcludeSearch {...props} />
      <JoinedList {...props} />
      <Outcome a={a} model={model} part="excluded" />
    </Section>
  );
}
