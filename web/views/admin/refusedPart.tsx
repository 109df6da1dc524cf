import { type PartProps, Section } from './adminParts.tsx';

/** What was turned away, by reason: what it means and what helps. */
export function RefusedPart({ context, a, overview }: PartProps) {
  const { refused } = a;
  if (overview.rejections.length === 0) {
    return (
      <Section part="refused" a={a}>
        <p class="note">{refused.none}</p>
      </Section>
    );
  }
  return (
    <Section part="refused" a={a}>
      <p class="note">{refused.intro}</p>
      <table class="admin-list is-sentences">
        <thead>
          <tr>
            <th scope="col">{refused.reason}</th>
            <th scope="col" class="number">
              {refused.count}
            </th>
            <th scope="col">{refused.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {overview.rejections.map(({ reason, count }) => (
            <tr key={reason}>
              <th scope="row">{refused.words[reason].name}</th>
              <td class="number">{context.format.number(count, 0)}</td>
              <td>
                {refused.words[reason].meaning} <span class="admin-help">{refused.words[reason].help}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
