import { type Warning, warningWords } from '../../../server/domain/operator/operatorWarning.ts';
import { CopyButton } from '../host/copyButton.tsx';
import type { PartProps } from './adminParts.tsx';
import { lacksOf } from './toSetUp.tsx';

/** What is wrong now, each with the command that helps. */
export function Attention({ context, a, overview }: PartProps) {
  const { warnings, mail, process } = overview;
  const isQuiet = warnings.length === 0 && process.problems.length === 0;
  return (
    <section class={`admin-attention ${isQuiet ? 'is-quiet' : ''}`} aria-labelledby="attention-heading">
      <h2 id="attention-heading" class={isQuiet ? 'visually-hidden' : ''}>
        {a.attention}
      </h2>
      <div aria-live="polite">
        {isQuiet && <p class="admin-well">{lacksOf(overview).length === 0 ? a.allWell : a.runsWell}</p>}
        {process.problems.map((problem) => (
          <p class="notice" key={problem}>
            {problemText(a, problem)}
          </p>
        ))}
        {warnings.map((warning) => (
          <WarningView
            key={warning.subject}
            context={context}
            a={a}
            warning={warning}
            isContainer={process.isContainer}
          />
        ))}
      </div>
      {mail && <p class="note">{a.mailOn}</p>}
    </section>
  );
}

interface WarningProps extends Pick<PartProps, 'context' | 'a'> {
  warning: Warning;
  isContainer: boolean;
}

function WarningView({ context, a, warning, isContainer }: WarningProps) {
  const { format, language } = context;
  const words = warningWords(warning, language, { ...format, isContainer });
  return (
    <div class="notice admin-warning">
      <h3>
        {words.title} <span class="admin-since">{a.since(format.dateTime(warning.since))}</span>
      </h3>
      <p>{words.text}</p>
      <p class="admin-command">
        <code>{words.command}</code>
        <CopyButton context={{ h: a.copying }} value={words.command} name={words.title} />
      </p>
    </div>
  );
}

/** The server's own sentences are English; those we know are said in the reader's language. */
function problemText({ problems }: PartProps['a'], problem: string): string {
  if (problem.startsWith('The store does not')) return problems.store;
  return problem.startsWith('The MQTT broker') ? problems.broker : problems.other(problem);
}
