import { type PartProps, Section, timeText } from './adminParts.tsx';

/** Which program this is, and when it was started. */
export function ProgramPart({ context, a, overview }: PartProps) {
  const { program } = a;
  const { process, stations } = overview;
  const number = (value: number) => context.format.number(value, 0);
  return (
    <Section part="program" a={a}>
      <dl class="admin-facts">
        <dt>{program.version}</dt>
        <dd>{process.version}</dd>
        <dt>{program.node}</dt>
        <dd>{process.node}</dd>
        <dt>{program.nodeId}</dt>
        <dd>{process.nodeId}</dd>
        <dt>{program.started}</dt>
        <dd>{timeText(context, process.startedAt)}</dd>
        <dt>{program.stations}</dt>
        <dd>{program.stationsOf({ active: number(stations.active), total: number(stations.total) })}</dd>
      </dl>
      <table class="admin-list">
        <caption class="admin-caption">{program.starts}</caption>
        <thead>
          <tr>
            <th scope="col">{program.startedAt}</th>
            <th scope="col">{program.ended}</th>
            <th scope="col">{program.version}</th>
          </tr>
        </thead>
        <tbody>
          {process.starts.map(({ at, stoppedAt, version }, place) => (
            <tr key={at}>
              <th scope="row">{timeText(context, at)}</th>
              <td class={stoppedAt === undefined && place > 0 ? 'is-bad' : ''}>
                {stoppedAt !== undefined
                  ? timeText(context, stoppedAt)
                  : place === 0
                    ? program.running
                    : program.killed}
              </td>
              <td>{version}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
