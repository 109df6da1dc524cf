import { useEffect, useRef } from 'preact/hooks';
import type { ErasureReceipt } from '../../../server/domain/erasureReceipt.ts';
import { LOCALES } from '../../../server/domain/names.ts';
import type { MyStationTexts } from '../../i18n/host/myStationTexts.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { saveBlob } from '../../state/host/myStationModel.ts';

interface ReceiptProps {
  context: HostContext;
  m: MyStationTexts;
  receipt: ErasureReceipt;
}

/** What is left of a station for its owner: to print or to keep as a file. */
export function Receipt({ context, m, receipt }: ReceiptProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { language } = context;
  useEffect(() => {
    heading.current?.focus();
    // The link opens nothing any more, and a reload must not say that it is wrong.
    history.replaceState(history.state, '', location.pathname + location.search);
  }, []);
  const time = momentText(context, receipt.erasedAt);
  const file = () => new Blob([`${JSON.stringify(receipt, undefined, 2)}\n`], { type: 'application/json' });
  return (
    <div class="host receipt">
      <h1 ref={heading} tabIndex={-1}>
        {m.receiptHeading}
      </h1>
      <p>
        {m.receiptOf({ instance: receipt.instance.name, time })}
        {receipt.instance.contact !== '' && <>, {receipt.instance.contact}</>}
      </p>
      <p>
        {m.stationId}: <code>{receipt.stationId}</code>
      </p>
      {receipt.text[language].map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Counts context={context} m={m} receipt={receipt} />
      <div class="host-actions receipt-actions">
        <button type="button" class="button is-main" onClick={() => window.print()}>
          {m.receiptPrint}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => saveBlob(`buergerluft-${receipt.stationId}-receipt.json`, file())}
        >
          {m.receiptFile}
        </button>
      </div>
    </div>
  );
}

const COUNTS = ['readings', 'values', 'healthRows', 'annotations', 'marks', 'assignments', 'devices'] as const;

function Counts({ context, m, receipt }: ReceiptProps) {
  const { format } = context;
  const { removed } = receipt;
  const { firstMeasuredAt, lastMeasuredAt } = removed;
  const period =
    firstMeasuredAt === null || lastMeasuredAt === null
      ? undefined
      : m.deviceHistoryRow({ from: momentText(context, firstMeasuredAt), to: momentText(context, lastMeasuredAt) });
  return (
    <table class="my-values">
      <caption>{m.receiptCounts}</caption>
      <tbody>
        {COUNTS.map((name) => (
          <tr key={name}>
            <th scope="row">{m.receiptCount[name]}</th>
            <td class="number">{removed[name] === null ? m.notCounted : format.number(removed[name], 0)}</td>
          </tr>
        ))}
        {period !== undefined && (
          <tr>
            <th scope="row">{m.receiptCount.period}</th>
            <td class="number">{period}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** With the year: a receipt is looked at years later. */
function momentText({ language, instance }: HostContext, at: string): string {
  return new Date(at).toLocaleString(LOCALES[language], {
    timeZone: instance.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
}
