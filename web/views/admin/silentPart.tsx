import { type PartProps, Section, timeText } from './adminParts.tsx';

/** Stations that were heard before and are not any more. */
export function SilentPart({ context, a, overview }: PartProps) {
  const { list, more } = overview.stations.silent;
  if (list.length === 0) {
    return (
      <Section part="silent" a={a}>
        <p class="note">{a.silent.none}</p>
      </Section>
    );
  }
  return (
    <Section part="silent" a={a}>
      <table class="admin-list">
        <thead>
          <tr>
            <th scope="col">{a.silent.station}</th>
            <th scope="col" class="number">
              {a.silent.last}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map(({ id, name, lastHeardAt, isPublic }) => (
            <tr key={id}>
              <th scope="row">
                {isPublic ? <a href={`/station/${id}${location.search}`}>{name}</a> : `${name} (${a.silent.hidden})`}
              </th>
              <td class="number">
                <time dateTime={lastHeardAt}>{timeText(context, lastHeardAt)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="note">{a.silent.more(context.format.number(more, 0))}</p>}
    </Section>
  );
}
