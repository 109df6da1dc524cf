import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Language } from '../../../server/domain/names.ts';
import type { Words } from '../../../server/notices/texts/noticeTexts.ts';
import type { UpcomingLetter } from '../../state/admin/adminModel.ts';
import { Outcome, type PartProps, Section, timeText } from './adminParts.tsx';

/** Letters that come out next: to be read before, and to be held back. */
export function LettersPart(props: PartProps) {
  const { a, model } = props;
  const letters = model.letters.value;
  if (letters === undefined) return null;
  return (
    <Section part="letters" a={a}>
      {letters.length === 0 && <p class="note">{a.letters.none}</p>}
      <ul class="admin-cards">
        {letters.map((letter) => (
          <Letter key={pathOf(letter)} {...props} letter={letter} />
        ))}
      </ul>
      <Outcome a={a} model={model} part="letters" />
    </Section>
  );
}

function Letter({ context, a, model, letter }: PartProps & { letter: UpcomingLetter }) {
  const { area, kind, from, to, status, subscribers } = letter;
  const days = [from, to].map((day) => context.format.ofDate.date(day)).join(' – ');
  const what = `${area.name}, ${a.letters.kind[kind]} ${days}`;
  const isStopped = status === 'stopped';
  const step = isStopped ? 'release' : 'stop';
  const change = () => void model.act('letters', () => model.call('POST', `${pathOf(letter)}/${step}`));
  return (
    <li>
      <h3>{what}</h3>
      <p class={isStopped ? 'is-bad' : 'note'}>
        {a.letters.status[status]}
        {!isStopped && `, ${a.letters.comesOut(timeText(context, letter.comesOutAt))}`}
        {`, ${a.letters.subscribers(context.format.number(subscribers, 0))}`}
      </p>
      <LetterText context={context} a={a} model={model} letter={letter} what={what} />
      <p class="admin-actions">
        <button
          type="button"
          class="button"
          aria-label={isStopped ? a.letters.releaseLabel(what) : a.letters.stopLabel(what)}
          disabled={model.isBusy.value}
          onClick={change}
        >
          {isStopped ? a.letters.release : a.letters.stop}
        </button>
      </p>
    </li>
  );
}

interface TextProps extends Omit<PartProps, 'overview'> {
  letter: UpcomingLetter;
  what: string;
}

interface ReadLetter {
  /** Null while the means it rests on are being made anew. */
  hasData: boolean | null;
  texts: Record<Language, Words> | null;
}

/** The letter as it is mailed; asked for when it is opened. */
function LetterText({ context, a, model, letter, what }: TextProps) {
  const words = useSignal<Words | undefined>(undefined);
  const isKnown = useRef(false);
  const open = async (isOpen: boolean) => {
    if (!isOpen || isKnown.current) return;
    model.begin();
    const { hasData, texts } = (await model.call('GET', pathOf(letter))) as ReadLetter;
    isKnown.current = hasData !== null;
    words.value = texts?.[context.language] ?? {
      title: hasData === null ? a.letters.behind : a.letters.empty,
      text: '',
    };
  };
  const toggled = (isOpen: boolean) => void open(isOpen).catch((error: unknown) => model.failed('letters', error));
  return (
    <details class="admin-fold" onToggle={({ currentTarget }) => toggled(currentTarget.open)}>
      <summary aria-label={`${a.letters.read}: ${what}`}>{a.letters.read}</summary>
      {words.value && (
        <div class="admin-letter">
          <p>
            <strong>{words.value.title}</strong>
          </p>
          {words.value.text !== '' && <p class="admin-letter-text">{words.value.text}</p>}
        </div>
      )}
    </details>
  );
}

function pathOf({ area, kind, from }: UpcomingLetter): string {
  return `/admin/letters/${area.id}/${kind}/${from}`;
}
