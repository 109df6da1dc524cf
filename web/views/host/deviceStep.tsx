import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { type DeviceWay, deviceInstructions, waysOf } from '../../../server/domain/device/deviceInstructions.ts';
import { FIRMWARES, type Firmware } from '../../i18n/host/hostTexts.ts';
import { deviceIdOf, firmwareOf } from '../../state/host/deviceId.ts';
import { parseOwnerLink } from '../../state/host/ownerLink.ts';
import { ActionButton } from '../actionButton.tsx';
import { Choice } from '../choice.tsx';
import { focusSoon } from '../focusSoon.ts';
import { DeviceInstructionsView } from './deviceInstructionsView.tsx';
import { DeviceIdPicture, OpenDevicePage } from './devicePictures.tsx';
import { OwnerLinkBox } from './ownerLinkBox.tsx';
import { PrintSheet } from './printSheet.tsx';
import { ProblemNotice, StepHeading, type StepProps } from './stepParts.tsx';

const TYPE_HEADING = 'type-heading';

/** At the device: open its page, find its id, get its credentials, type them in. */
export function DeviceStep({ model }: StepProps) {
  const { h } = model.context;
  const joined = model.joined.value;
  const device = model.device.value;
  const firmware = useSignal<Firmware>(firmwareOf(device?.deviceId));
  if (!joined) return null;
  return (
    <div class="host-form">
      <StepHeading model={model}>{h.step.device}</StepHeading>
      <p role="status">{h.registered(joined.name)}</p>
      <details class="host-link-early">
        <summary>{h.keepLinkEarly}</summary>
        <OwnerLinkBox context={model.context} link={joined} name={joined.name} />
      </details>
      <Choice
        name="firmware"
        label={h.firmwareLabel}
        options={FIRMWARES.map((value) => ({ value, label: h.firmware[value] }))}
        value={firmware.value}
        onChoose={(value) => {
          firmware.value = value;
          model.device.value = undefined;
          model.way.value = undefined;
        }}
      />
      <OpenDevicePage context={model.context} firmware={firmware.value} />
      {device ? (
        <Credentials model={model} />
      ) : (
        <DeviceId key={firmware.value} model={model} firmware={firmware.value} />
      )}
    </div>
  );
}

/** The id, by which the server knows the device. */
function DeviceId({ model, firmware }: StepProps & { firmware: Firmware }) {
  const { h } = model.context;
  const typed = useSignal('');
  const isWrong = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const formerLink = useSignal('');
  const isTaken = model.problem.value?.problem === 'device-taken';
  const bind = async (event: Event) => {
    event.preventDefault();
    const deviceId = deviceIdOf(firmware, typed.value);
    isWrong.value = deviceId === undefined;
    if (deviceId === undefined) return field.current?.focus();
    await model.bind(deviceId, parseOwnerLink(formerLink.value)?.ownerKey);
    // The form is gone with its button: whoever uses the keyboard goes on at what came in its place.
    if (model.device.value) focusSoon(TYPE_HEADING);
  };
  return (
    <form class="host-form" onSubmit={(event) => void bind(event)} noValidate>
      <h3>{h.idHeading}</h3>
      {firmware === 'airrohr' && <DeviceIdPicture context={model.context} />}
      <IdField model={model} firmware={firmware} field={field} typed={typed} isWrong={isWrong.value} />
      <ProblemNotice model={model} />
      {isTaken && <FormerLink model={model} formerLink={formerLink} />}
      <ActionButton type="submit" class="button is-main" isBusy={model.isBusy.value}>
        {h.getToken}
      </ActionButton>
    </form>
  );
}

interface IdFieldProps extends StepProps {
  firmware: Firmware;
  field: RefObject<HTMLInputElement | null>;
  typed: Signal<string>;
  isWrong: boolean;
}

function IdField({ model, firmware, field, typed, isWrong }: IdFieldProps) {
  const { h } = model.context;
  return (
    <div class="field">
      <label class="field-label" for="device-id">
        {h.idLabel[firmware]}
      </label>
      <input
        ref={field}
        id="device-id"
        type="text"
        inputMode={firmware === 'airrohr' ? 'numeric' : 'text'}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={isWrong ? 'device-id-help device-id-wrong' : 'device-id-help'}
        aria-invalid={isWrong}
        value={typed}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
        }}
      />
      <p class="note" id="device-id-help">
        {h.idHelp[firmware]}
      </p>
      {isWrong && (
        <p class="field-error" id="device-id-wrong" role="alert">
          {h.idWrong[firmware]}
        </p>
      )}
    </div>
  );
}

/** For a device that belongs to another station: that station's link shows that its owner wants this. */
function FormerLink({ model, formerLink }: StepProps & { formerLink: Signal<string> }) {
  const { h } = model.context;
  return (
    <div class="field">
      <p>{h.takenHelp}</p>
      <label class="field-label" for="former-link">
        {h.formerLink}
      </label>
      <input
        id="former-link"
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={formerLink}
        onInput={({ currentTarget }) => {
          formerLink.value = currentTarget.value;
        }}
      />
    </div>
  );
}

/** What to type, for the way the host chose. */
function Credentials({ model }: StepProps) {
  const { h, hosting, instance } = model.context;
  const device = model.device.value;
  const joined = model.joined.value;
  if (!device || !joined) return null;
  const ways = waysOf(device.deviceId);
  const way = model.way.value ?? ways[0];
  const instructions = deviceInstructions(way, device, hosting.reach);
  return (
    <>
      <section class="host-form" aria-labelledby={TYPE_HEADING}>
        <h3 id={TYPE_HEADING} tabIndex={-1}>
          {h.typeHeading}
        </h3>
        {ways.length > 1 && (
          <Choice
            name="way"
            label={way.startsWith('airrohr') ? h.wayLabel : h.plainWayLabel}
            options={ways.map((value) => ({ value, label: h.way[value] }))}
            value={way}
            onChoose={(value) => {
              model.way.value = value;
            }}
          />
        )}
        <DeviceInstructionsView context={model.context} instructions={instructions} />
        <p class="note">{h.tokenOnce}</p>
        <AfterTyping model={model} way={way} />
      </section>
      <PrintSheet
        context={model.context}
        name={joined.name}
        link={joined}
        instructions={instructions}
        contact={instance.contact}
      />
    </>
  );
}

function AfterTyping({ model, way }: StepProps & { way: DeviceWay }) {
  const { h } = model.context;
  return (
    <div class="host-actions">
      <button
        type="button"
        class="button is-main"
        onClick={() => {
          model.way.value = way;
          model.saved();
        }}
      >
        {h.saved}
      </button>
      <button type="button" class="button" onClick={() => window.print()}>
        {h.print}
      </button>
      <button
        type="button"
        class="button"
        onClick={() => {
          model.device.value = undefined;
          focusSoon('device-id');
          model.way.value = undefined;
        }}
      >
        {h.otherDevice}
      </button>
    </div>
  );
}
