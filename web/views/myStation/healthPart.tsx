import type { Finding, FindingState } from '../../../server/domain/device/deviceHealth.ts';
import { type FindingFormat, type FindingTexts, findingFormat, findingTextsOf } from '../../i18n/host/findingTexts.ts';
import type { MyStationTexts } from '../../i18n/host/myStationTexts.ts';
import { type PartProps, Section } from './myStationParts.tsx';

const ORDER: readonly FindingState[] = ['problem', 'notice', 'good', 'unknown'];

/** How the device does: the worst first, each finding with what it rests on and what helps. */
export function HealthPart({ context, m, view }: PartProps) {
  const texts = findingTextsOf(context.language);
  const format = findingFormat(context.format, texts);
  const { findings, at } = view.health;
  const sorted = ORDER.flatMap((state) => findings.filter((finding) => finding.state === state));
  const urgent = sorted.filter(({ state }) => state === 'problem' || state === 'notice');
  const quiet = sorted.filter(({ state }) => state === 'good' || state === 'unknown');
  const list = (shown: readonly Finding[]) => (
    <ul class="findings">
      {shown.map((finding) => (
        <FindingView key={finding.id} finding={finding} m={m} texts={texts} format={format} />
      ))}
    </ul>
  );
  return (
    <Section part="health" m={m}>
      <p>{m.worst[view.health.state]}</p>
      {urgent.length > 0 && list(urgent)}
      {urgent.length === 0 ? (
        list(quiet)
      ) : (
        <details>
          <summary>{m.more(quiet.length)}</summary>
          {list(quiet)}
        </details>
      )}
      <p class="note">{m.checkedAt(context.format.clock(Date.parse(at)))}</p>
    </Section>
  );
}

function FindingView({
  finding,
  m,
  texts,
  format,
}: {
  finding: Finding;
  m: MyStationTexts;
  texts: FindingTexts;
  format: FindingFormat;
}) {
  const cure = texts.cure(finding);
  return (
    <li class={`finding is-${finding.state}`}>
      <h3>
        {texts.title[finding.id]}
        <span class="finding-state">{m.state[finding.state]}</span>
      </h3>
      <p>{texts.evidence(finding, format)}</p>
      {cure !== undefined && (
        <p>
          <strong>{m.whatToDo}</strong> {cure}
        </p>
      )}
    </li>
  );
}
