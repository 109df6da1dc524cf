import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { NoticeView } from '../../../server/domain/contract.ts';
import { DAY_MS } from '../../../server/domain/durations.ts';
import type { Language } from '../../../server/domain/names.ts';
import {
  NOTICE_CHARACTERS,
  NOTICE_DAYS,
  NOTICE_KINDS,
  NOTICE_WORDS,
  type NoticeKind,
} from '../../../server/domain/operator/publicNotice.ts';
import { localToTime, timeToLocal } from '../../state/host/localTime.ts';
import { Select } from '../host/select.tsx';
import { TextField } from '../textField.tsx';
import type { PartProps } from './adminParts.tsx';

interface FormProps extends PartProps {
  /** The notice to be changed; absent for a new one. */
  notice?: NoticeView;
  /** Told when a change is done or given up. */
  onEnd?: () => void;
}

interface Draft {
  kind: NoticeKind;
  from: string;
  to: string;
  de: string;
  en: string;
}

/** Kind, time and the text in both languages; a kind brings words to begin with. */
export function NoticeForm(props: FormProps) {
  const { context, a, model, notice, onEnd } = props;
  const { timeZone } = context.instance;
  const draft = useSignal<Draft>(notice ? draftOf(notice, timeZone) : today(timeZone));
  const fault = useSignal('');
  // A form that takes the place of a notice takes the focus of the button that opened it.
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (notice) form.current?.querySelector('select')?.focus();
  }, []);
  const id = notice?.id ?? 'new';
  const set = (change: Partial<Draft>) => {
    draft.value = { ...draft.value, ...change };
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = bodyOf(draft.value, timeZone);
    fault.value = typeof body === 'string' ? a.notices[body] : '';
    if (typeof body === 'string') return;
    const [method, path] = notice ? ['PUT', `/admin/notices/${notice.id}`] : ['POST', '/admin/notices'];
    const isDone = await model.act('notices', () => model.call(method!, path!, body));
    if (isDone && !notice) draft.value = today(timeZone);
    if (isDone) onEnd?.();
  };
  return (
    <form ref={form} class="admin-form" onSubmit={(event) => void submit(event)} noValidate>
      <Select
        id={`notice-kind-${id}`}
        label={a.notices.kind}
        options={NOTICE_WORDS.map((value) => ({ value, label: NOTICE_KINDS[value].name[context.language] }))}
        value={draft.value.kind}
        onChange={(value) => set(ofKind(value as NoticeKind, draft.value))}
      />
      <Times id={id} a={a} draft={draft} set={set} timeZone={timeZone} />
      <Texts id={id} a={a} draft={draft} set={set} />
      <div aria-live="assertive">{fault.value && <p class="notice">{fault}</p>}</div>
      <p class="admin-actions">
        <button type="submit" class="button is-main" disabled={model.isBusy.value}>
          {notice ? a.notices.save : a.notices.add}
        </button>
        {notice && (
          <button type="button" class="button" onClick={() => onEnd?.()}>
            {a.notices.cancel}
          </button>
        )}
      </p>
    </form>
  );
}

interface DraftProps extends Pick<PartProps, 'a'> {
  id: string;
  draft: Signal<Draft>;
  set: (change: Partial<Draft>) => void;
}

function Times({ id, a, draft, set, timeZone }: DraftProps & { timeZone: string }) {
  return (
    <div class="admin-times">
      <TextField
        id={`notice-from-${id}`}
        type="datetime-local"
        label={a.notices.from}
        value={draft.value.from}
        onInput={(from) => set({ from })}
      />
      <TextField
        id={`notice-to-${id}`}
        type="datetime-local"
        label={a.notices.to}
        value={draft.value.to}
        help={a.notices.timeHelp(timeZone)}
        onInput={(to) => set({ to })}
      />
    </div>
  );
}

/** The words in both languages. */
function Texts({ id, a, draft, set }: DraftProps) {
  return (
    <>
      <TextArea
        id={`notice-de-${id}`}
        lang="de"
        label={a.notices.german}
        value={draft.value.de}
        onInput={(de) => set({ de })}
      />
      <TextArea
        id={`notice-en-${id}`}
        lang="en"
        label={a.notices.english}
        value={draft.value.en}
        onInput={(en) => set({ en })}
      />
    </>
  );
}

interface TextAreaProps {
  id: string;
  lang: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
}

function TextArea({ id, lang, label, value, onInput }: TextAreaProps) {
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        lang={lang}
        rows={4}
        maxLength={NOTICE_CHARACTERS}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </div>
  );
}

/** A new notice is about today. */
function today(timeZone: string): Draft {
  const now = Date.now();
  const [from, to] = [now, now + DAY_MS].map((at) => `${timeToLocal(at, timeZone).slice(0, 10)}T00:00`);
  const { de, en } = NOTICE_KINDS.fog.text;
  return { kind: 'fog', from: from!, to: to!, de, en };
}

function draftOf({ kind, from, to, text }: NoticeView, timeZone: string): Draft {
  const [start, end] = [from, to].map((time) => timeToLocal(Date.parse(time), timeZone));
  return { kind, from: start!, to: end!, ...text };
}

/** Another kind, with its words unless somebody wrote their own. */
function ofKind(kind: NoticeKind, { kind: former, de, en }: Draft): Partial<Draft> {
  const isOwn = (text: string, language: Language) => text !== '' && text !== NOTICE_KINDS[former].text[language];
  const words = NOTICE_KINDS[kind].text;
  return { kind, de: isOwn(de, 'de') ? de : words.de, en: isOwn(en, 'en') ? en : words.en };
}

/** What is sent, or which sentence says what is missing. */
function bodyOf({ kind, from, to, de, en }: Draft, timeZone: string): object | 'badTime' | 'missing' {
  const [start, end] = [from, to].map((text) => localToTime(text, timeZone));
  if (start === undefined || end === undefined || start >= end || end - start > NOTICE_DAYS * DAY_MS) return 'badTime';
  const text = { de: oneLine(de), en: oneLine(en) };
  if (text.de === '' || text.en === '') return 'missing';
  return { kind, from: new Date(start).toISOString(), to: new Date(end).toISOString(), text };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
