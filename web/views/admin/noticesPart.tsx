import { useSignal } from '@preact/signals';
import { noticeSpan } from '../../../server/api/pages/dayNotices.ts';
import type { NoticeView } from '../../../server/domain/contract.ts';
import { NOTICE_KINDS } from '../../../server/domain/operator/publicNotice.ts';
import { Outcome, type PartProps, Section } from './adminParts.tsx';
import { useFirstFocus } from './focus.ts';
import { NoticeForm } from './noticeForm.tsx';

/** What everybody is told about some days: those there are, and a new one. */
export function NoticesPart(props: PartProps) {
  const { a, model } = props;
  const edited = useSignal<string | undefined>(undefined);
  // The one whose form was closed last: the focus goes back to its button.
  const left = useSignal<string | undefined>(undefined);
  const notices = model.notices.value;
  const end = () => {
    left.value = edited.value;
    edited.value = undefined;
  };
  return (
    <Section part="notices" a={a}>
      <p>{a.notices.intro}</p>
      {notices.length === 0 && <p class="note">{a.notices.none}</p>}
      <ul class="admin-cards">
        {notices.map((notice) => (
          <li key={notice.id}>
            {edited.value === notice.id ? (
              <NoticeForm {...props} notice={notice} onEnd={end} />
            ) : (
              <Notice
                {...props}
                notice={notice}
                takesFocus={left.value === notice.id}
                onEdit={() => {
                  edited.value = notice.id;
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {edited.value === undefined && (
        <details class="admin-fold">
          <summary>{a.notices.write}</summary>
          <NoticeForm {...props} />
        </details>
      )}
      <Outcome a={a} model={model} part="notices" />
    </Section>
  );
}

interface NoticeProps extends PartProps {
  notice: NoticeView;
  takesFocus: boolean;
  onEdit: () => void;
}

function Notice({ context, a, model, notice, takesFocus, onEdit }: NoticeProps) {
  const isSure = useSignal(false);
  const editButton = useFirstFocus<HTMLButtonElement>(takesFocus);
  const what = titleOf(context, notice);
  const remove = () => {
    if (isSure.value) void model.act('notices', () => model.call('DELETE', `/admin/notices/${notice.id}`));
    else isSure.value = true;
  };
  return (
    <>
      <h3>{what}</h3>
      <p lang="de">{notice.text.de}</p>
      <p lang="en">{notice.text.en}</p>
      <p class="admin-actions">
        <button ref={editButton} type="button" class="button" aria-label={a.notices.editLabel(what)} onClick={onEdit}>
          {a.notices.edit}
        </button>
        <button
          type="button"
          class="button"
          aria-label={isSure.value ? a.notices.sure : a.notices.removeLabel(what)}
          disabled={model.isBusy.value}
          onClick={remove}
          onBlur={() => {
            isSure.value = false;
          }}
        >
          {isSure.value ? a.notices.sure : a.notices.remove}
        </button>
      </p>
      {/* The button's new words are not said by every screen reader. */}
      <p class="visually-hidden" role="status">
        {isSure.value && a.notices.sure}
      </p>
    </>
  );
}

function titleOf({ t, format, language }: PartProps['context'], { kind, from, to }: NoticeView): string {
  const span = noticeSpan({ from: Date.parse(from), to: Date.parse(to) }, { texts: t, format });
  return `${NOTICE_KINDS[kind].name[language]}, ${span}`;
}
