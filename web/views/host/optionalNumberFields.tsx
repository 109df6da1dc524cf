import type { HostContext } from '../../state/host/hosting.ts';
import { typedAltitude, typedSensorNumber } from '../../state/host/optionalNumbers.ts';
import { TextField } from '../myStationParts.tsx';

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
  const isInvalid = isChecked && typedAltitude(field.value) === 'wrong';
  return (
    <div>
      <TextField {...field} label={h.altitude} help={h.altitudeHelp} maxLength={10} isInvalid={isInvalid} />
      {isInvalid && <p class="field-error">{h.altitudeWrong}</p>}
    </div>
  );
}

/** The number of the same device at sensor.community: one place has one vote. */
export function SensorNumberField({ context: { h }, isChecked, ...field }: FieldProps) {
  const isInvalid = isChecked && typedSensorNumber(field.value) === 'wrong';
  return (
    <div>
      <TextField {...field} label={h.sensorNumber} help={h.sensorNumberHelp} maxLength={12} isInvalid={isInvalid} />
      {isInvalid && <p class="field-error">{h.sensorNumberWrong}</p>}
    </div>
  );
}
