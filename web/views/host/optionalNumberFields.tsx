import type { HostContext } from '../../state/host/hosting.ts';
import { typedAltitude, typedSensorNumber } from '../../state/host/optionalNumbers.ts';
import { TextField } from '../textField.tsx';

interface FieldProps {
  context: HostContext;
  id: string;
  value: string;
  /** True once mistakes are to be shown. */
  isChecked: boolean;
  onInput: (value: string) => void;
}

/** How high the ground is: makes the pressure comparable. */
export function AltitudeField({ context: { h }, isChecked, ...field }: FieldProps) {
  const error = isChecked && typedAltitude(field.value) === 'wrong' ? { error: h.altitudeWrong } : {};
  return (
    <div class="number-field">
      <TextField {...field} {...error} label={h.altitude} help={h.altitudeHelp} maxLength={10} />
    </div>
  );
}

/** The number of the same device at sensor.community: one place has one vote. */
export function SensorNumberField({ context: { h }, isChecked, ...field }: FieldProps) {
  const error = isChecked && typedSensorNumber(field.value) === 'wrong' ? { error: h.sensorNumberWrong } : {};
  return (
    <div class="number-field">
      <TextField
        {...field}
        {...error}
        label={h.sensorNumber}
        help={h.sensorNumberHelp}
        maxLength={20}
        inputMode="numeric"
      />
    </div>
  );
}
