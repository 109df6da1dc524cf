import { useSignal } from '@preact/signals';
import { isPm25AbovePm10 } from '../../../server/domain/assessment/stationAssessor.ts';
import { SENSOR_MODELS } from '../../../server/domain/sensorModel.ts';
import { otherSensor, type Progress } from '../../state/host/watchProgress.ts';
import { ActionButton } from '../actionButton.tsx';
import { focusSoon } from '../focusSoon.ts';
import { ProblemNotice, type StepProps } from './stepParts.tsx';

/** What a first message that was taken says of the sensor all the same: a wire, a kind or a pair of values that is not right. */
export function SensorNotices({ model, progress }: StepProps & { progress: Progress }) {
  const { pm25, pm10 } = progress.values;
  return (
    <>
      {lacksDust({ model, progress }) && <NoDustNotice model={model} />}
      <OtherSensorNotice model={model} sensors={progress.sensors} />
      {isPm25AbovePm10(pm25, pm10) && <InvertedNotice model={model} />}
    </>
  );
}

/**
 * True when the device's first values have no particulates among them, though it has a sensor for them: a wire is loose, or
 * its firmware does not ask it. ESPHome sends one value a message, so there they may be on their way.
 */
function lacksDust({ model, progress }: StepProps & { progress: Progress }): boolean {
  const quantities = Object.keys(progress.values);
  if (quantities.length === 0 || model.place.value.pmModel === '' || model.way.value === 'esphome') return false;
  return !quantities.some((quantity) => quantity.startsWith('pm'));
}

function NoDustNotice({ model }: StepProps) {
  const { h } = model.context;
  const name = modelName(model.place.value.pmModel);
  return (
    <div class="notice">
      <p>
        <strong>{h.noDust(name)}</strong>
      </p>
      <p>
        {h.whatToDo}: {h.noDustCure}
      </p>
    </div>
  );
}

const modelName = (model: string): string => SENSOR_MODELS.find(({ id }) => id === model)?.name ?? model;

/** The device has another sensor than the host said: figures and comparisons go by its kind, so that it is mended here. */
function OtherSensorNotice({ model, sensors }: StepProps & { sensors: readonly string[] }) {
  const { pmModel } = model.place.value;
  const former = useSignal<string | undefined>(undefined);
  const found = otherSensor(sensors, pmModel);
  const enter = async (entered: string, instead: string | undefined) => {
    await model.correctSensor(entered);
    if (model.place.peek().pmModel !== entered) return;
    former.value = instead;
    focusSoon(instead === undefined ? 'enter-sensor' : 'undo-sensor');
  };
  if (found !== undefined) return <AskNotice model={model} found={found} onEnter={() => void enter(found, pmModel)} />;
  if (former.value === undefined) return null;
  return <EnteredNotice model={model} onUndo={() => void enter(former.peek()!, undefined)} />;
}

function AskNotice({ model, found, onEnter }: StepProps & { found: string; onEnter: () => void }) {
  const { h } = model.context;
  return (
    <div class="notice">
      <p>
        <strong>{h.otherSensor({ chosen: modelName(model.place.value.pmModel), found: modelName(found) })}</strong>
      </p>
      <p>
        {h.whatToDo}: {h.otherSensorCure}
      </p>
      <ActionButton type="button" id="enter-sensor" class="button" isBusy={model.isBusy.value} onClick={onEnter}>
        {h.enterSensor(modelName(found))}
      </ActionButton>
      <ProblemNotice model={model} />
    </div>
  );
}

/** What was entered, and the way back: a wrong click would change what the station's figures are compared with. */
function EnteredNotice({ model, onUndo }: StepProps & { onUndo: () => void }) {
  const { h } = model.context;
  return (
    <>
      <p>{h.sensorEntered(modelName(model.place.value.pmModel))}</p>
      <p>
        <ActionButton type="button" id="undo-sensor" class="button" isBusy={model.isBusy.value} onClick={onUndo}>
          {h.undoSensor}
        </ActionButton>
      </p>
      <ProblemNotice model={model} />
    </>
  );
}

/** PM2.5 is a part of PM10: whoever writes the message themselves has swapped them. */
function InvertedNotice({ model }: StepProps) {
  const { h } = model.context;
  return (
    <div class="notice">
      <p>
        <strong>{h.inverted}</strong>
      </p>
      <p>
        {h.whatToDo}: {h.invertedCure}
      </p>
    </div>
  );
}
