import type { DeviceInstructions, DeviceSetting } from '../../../server/domain/device/deviceInstructions.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { CopyButton } from './copyButton.tsx';

interface InstructionsProps {
  context: HostContext;
  instructions: DeviceInstructions;
  /** On paper nothing can be copied. */
  isOnPaper?: boolean;
}

/** What to type into a device, field by field in its own words, in the reader's language with the other one beside it. */
export function DeviceInstructionsView({ context, instructions, isOnPaper = false }: InstructionsProps) {
  const { language } = context;
  const { where, settings, notes } = instructions;
  const fields = settings.filter(({ kind }) => kind !== 'block');
  const blocks = settings.filter(({ kind }) => kind === 'block');
  return (
    <div class="instructions">
      <p class="instructions-where">{where[language]}</p>
      {fields.length > 0 && (
        <dl class="instructions-fields">
          {fields.map((setting) => (
            <Field key={setting.name.en} context={context} setting={setting} isOnPaper={isOnPaper} />
          ))}
        </dl>
      )}
      {blocks.map(({ value }) => (
        <div key={value} class="instructions-block">
          <pre tabIndex={isOnPaper ? undefined : 0}>{value}</pre>
          {!isOnPaper && <CopyButton context={context} value={value} name={where[language]} />}
        </div>
      ))}
      {notes.map((note) => (
        <p key={note.en} class="note">
          {note[language]}
        </p>
      ))}
    </div>
  );
}

function Field({ context, setting, isOnPaper }: { context: HostContext; setting: DeviceSetting; isOnPaper: boolean }) {
  const { h, language } = context;
  const { name, value, kind } = setting;
  const other = language === 'de' ? 'en' : 'de';
  const isTick = kind === 'tick' || kind === 'untick';
  return (
    <div class="instructions-field">
      <dt>
        {name[language]}
        {name[other] !== name[language] && (
          <span class="instructions-other" lang={other}>
            {name[other]}
          </span>
        )}
      </dt>
      <dd>
        {isTick && <TickBox isTicked={kind === 'tick'} words={kind === 'tick' ? h.tick : h.untick} />}
        {!isTick && value === '' && <span class="note">{h.leaveEmpty}</span>}
        {!isTick && value !== '' && <code>{value}</code>}
        {!isTick && value !== '' && !isOnPaper && <CopyButton context={context} value={value} name={name[language]} />}
      </dd>
    </div>
  );
}

/** A checkbox as it shall look at the device. */
function TickBox({ isTicked, words }: { isTicked: boolean; words: string }) {
  return (
    <span class="tick-box">
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
        <rect x="2.5" y="2.5" width="15" height="15" rx="2" fill="none" stroke="currentColor" stroke-width="1.6" />
        {isTicked && <path d="M5.5 10.5l3 3 6-7" fill="none" stroke="currentColor" stroke-width="2" />}
      </svg>
      {words}
    </span>
  );
}
