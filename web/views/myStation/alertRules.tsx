import { useSignal } from '@preact/signals';
import {
  type AlertSettings,
  type MeanThreshold,
  THRESHOLD_VALUES,
} from '../../../server/domain/alerts/alertSettings.ts';
import type { AlertsModel } from '../../state/host/alertsModel.ts';
import { ActionButton } from '../actionButton.tsx';
import { Select } from '../host/select.tsx';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps } from './myStationParts.tsx';

type RulesProps = PartProps & { alerts: AlertsModel; settings: AlertSettings };

/** Hours of silence one can choose. */
const SILENT_HOURS = [1, 3, 6, 24, 72] as const;
/** A first suggestion, µg/m³: far above an ordinary day, so that nobody is woken by one. */
const FIRST_RULE: MeanThreshold = { quantity: 'pm25', average: '1h', value: 50 };

const ABOVE_FIELD = 'above-value';

/** When to tell: silence, a stuck value, means above a value, the monthly mail, quiet hours. */
export function AlertRules(props: RulesProps) {
  const { m, model, alerts, settings } = props;
  const draft = useSignal<AlertSettings>(settings);
  const set = (change: Partial<AlertSettings>) => {
    draft.value = { ...draft.value, ...change };
  };
  const { silentAfterMinutes, isStuckTold, isMonthly, quietHours } = draft.value;
  const isAsked = useSignal(false);
  const wrong = draft.value.above.some(
    ({ value }) => !(value >= THRESHOLD_VALUES.least && value <= THRESHOLD_VALUES.most),
  );
  const save = (event: Event) => {
    event.preventDefault();
    isAsked.value = wrong;
    if (wrong) document.getElementById(ABOVE_FIELD)?.focus();
    else void alerts.save(draft.value);
  };
  return (
    <form class="my-form" onSubmit={save} noValidate>
      <p>{m.rulesIntro}</p>
      <Silence m={m} minutes={silentAfterMinutes} onChange={(minutes) => set({ silentAfterMinutes: minutes })} />
      <Check label={m.stuck} isOn={isStuckTold} onChange={(isOn) => set({ isStuckTold: isOn })} />
      <Above
        {...props}
        rules={draft.value.above}
        isWrong={isAsked.value && wrong}
        onChange={(above) => set({ above })}
      />
      {alerts.isMailOn.value && (
        <Check label={m.monthly} isOn={isMonthly} onChange={(isOn) => set({ isMonthly: isOn })} />
      )}
      <Quiet m={m} hours={quietHours} onChange={(hours) => set({ quietHours: hours })} />
      <ActionButton type="submit" class="button is-main" isBusy={model.isBusy.value}>
        {m.saveRules}
      </ActionButton>
      <Outcome {...props} part="alerts" />
    </form>
  );
}

interface SilenceProps extends Pick<PartProps, 'm'> {
  minutes: AlertSettings['silentAfterMinutes'];
  onChange: (minutes: AlertSettings['silentAfterMinutes']) => void;
}

/** After how many hours without a message to tell; hours that were set otherwise can be chosen as well. */
function Silence({ m, minutes, onChange }: SilenceProps) {
  const hours = [...new Set([...SILENT_HOURS, ...(minutes === null ? [] : [minutes / 60])])];
  return (
    <Select
      id="rule-silent"
      label={m.silent}
      options={[
        { value: '', label: m.never },
        ...hours
          .sort((a, b) => a - b)
          .map((value) => ({ value: String(value * 60), label: `${m.silentAfter} ${m.hoursOption(value)}` })),
      ]}
      value={minutes === null ? '' : String(minutes)}
      onChange={(value) => onChange(value === '' ? null : Number(value))}
    />
  );
}

interface QuietProps extends Pick<PartProps, 'm'> {
  hours: AlertSettings['quietHours'];
  onChange: (hours: AlertSettings['quietHours']) => void;
}

/** From when to when nothing is told. */
function Quiet({ m, hours, onChange }: QuietProps) {
  return (
    <>
      <Check
        label={m.quiet}
        isOn={hours !== null}
        onChange={(isOn) => onChange(isOn ? { from: '22:00', to: '07:00' } : null)}
      />
      {hours && (
        <div class="host-pair">
          {(['from', 'to'] as const).map((end) => (
            <TextField
              key={end}
              id={`quiet-${end}`}
              label={end === 'from' ? m.quietFrom : m.quietTo}
              type="time"
              value={hours[end]}
              onInput={(value) => onChange({ ...hours, [end]: value })}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** One rule here; further ones that were set otherwise stay as they are. */
function Above({
  context,
  m,
  rules,
  isWrong,
  onChange,
}: PartProps & { rules: MeanThreshold[]; isWrong: boolean; onChange: (rules: MeanThreshold[]) => void }) {
  const [rule, ...others] = rules;
  const set = (change: Partial<MeanThreshold>) => onChange([{ ...(rule ?? FIRST_RULE), ...change }, ...others]);
  return (
    <>
      <Check
        label={m.above}
        isOn={rule !== undefined}
        onChange={(isOn) => onChange(isOn ? [FIRST_RULE, ...others] : others)}
      />
      {rule && (
        <div class="host-pair">
          <Select
            id="above-quantity"
            label={m.quantity}
            options={(['pm25', 'pm10'] as const).map((value) => ({ value, label: context.nameOf(value) }))}
            value={rule.quantity}
            onChange={(value) => set({ quantity: value as MeanThreshold['quantity'] })}
          />
          <Select
            id="above-average"
            label={m.aboveAverage}
            options={(['1h', '24h'] as const).map((value) => ({ value, label: m.average[value] }))}
            value={rule.average}
            onChange={(value) => set({ average: value as MeanThreshold['average'] })}
          />
          <TextField
            id={ABOVE_FIELD}
            label={m.aboveValue}
            type="number"
            value={Number.isNaN(rule.value) ? '' : String(rule.value)}
            {...(isWrong && { error: m.aboveWrong })}
            onInput={(value) => set({ value: value === '' ? Number.NaN : Number(value) })}
          />
        </div>
      )}
    </>
  );
}

function Check({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {label}
    </label>
  );
}
