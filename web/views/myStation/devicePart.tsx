import { useSignal } from '@preact/signals';
import { deviceInstructions, waysOf } from '../../../server/domain/device/deviceInstructions.ts';
import type { OwnDevice } from '../../../server/domain/ownStation.ts';
import { DEVICE_ID } from '../../../server/domain/station.ts';
import { ActionButton } from '../actionButton.tsx';
import { Choice } from '../choice.tsx';
import { DeviceInstructionsView } from '../host/deviceInstructionsView.tsx';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps, Section } from './myStationParts.tsx';

/** The device: its key, its successor, and those before it. */
export function DevicePart(props: PartProps) {
  const { m, model, view } = props;
  const { devices } = view;
  return (
    <Section part="device" m={m}>
      {devices.length === 0 && <p>{m.noDevice}</p>}
      {devices.map((device) => (
        <DeviceRow key={device.deviceId} {...props} device={device} />
      ))}
      <Outcome {...props} part="device" />
      {model.issued.value && <Issued {...props} />}
      {devices.length === 0 && <NewDevice {...props} />}
      <Assignments {...props} />
    </Section>
  );
}

function DeviceRow({ device, ...props }: PartProps & { device: OwnDevice }) {
  const { context, m, model } = props;
  const { format } = context;
  const { deviceId, boundAt, lastSeenAt } = device;
  return (
    <div class="my-device">
      <p>
        <code>{deviceId}</code>, {m.boundSince(format.dateTime(Date.parse(boundAt)))};{' '}
        {lastSeenAt === null ? m.neverSeen : m.lastSeen(format.dateTime(Date.parse(lastSeenAt)))}.
      </p>
      <details>
        <summary>{m.newToken}</summary>
        <p>{m.newTokenNote}</p>
        <ActionButton
          type="button"
          class="button"
          isBusy={model.isBusy.value}
          onClick={() => void model.bind({ deviceId })}
        >
          {m.newToken}
        </ActionButton>
      </details>
      <details>
        <summary>{m.swap}</summary>
        <p>{m.swapIntro}</p>
        <NewDevice {...props} replaces={deviceId} />
      </details>
    </div>
  );
}

function NewDevice({ m, model, replaces }: PartProps & { replaces?: string }) {
  const id = `new-device-${replaces ?? ''}`;
  const typed = useSignal('');
  const isWrong = useSignal(false);
  const send = (event: Event) => {
    event.preventDefault();
    const deviceId = typed.value.trim();
    isWrong.value = !DEVICE_ID.test(deviceId);
    if (isWrong.value) document.getElementById(id)?.focus();
    else void model.bind({ deviceId, ...(replaces !== undefined && { replaces }) });
  };
  return (
    <form class="my-form" onSubmit={send} noValidate>
      <TextField
        id={id}
        label={m.newDeviceId}
        value={typed.value}
        help={m.deviceIdHelp}
        {...(isWrong.value && { error: m.deviceIdWrong })}
        onInput={(value) => {
          typed.value = value;
        }}
      />
      <ActionButton type="submit" class="button is-main" isBusy={model.isBusy.value}>
        {replaces === undefined ? m.addDevice : m.doSwap}
      </ActionButton>
    </form>
  );
}

/** What to type in, with the new key: this once. */
function Issued({ context, m, model }: PartProps) {
  const device = model.issued.value;
  const ways = waysOf(device?.deviceId ?? '');
  const way = useSignal(ways[0]);
  if (!device) return null;
  const chosen = ways.includes(way.value) ? way.value : ways[0];
  return (
    <div class="my-issued">
      <h3>{m.issuedHeading(device.deviceId)}</h3>
      <p>
        <strong>{m.issuedIntro}</strong>
      </p>
      {ways.length > 1 && (
        <Choice
          name="my-way"
          label={context.h.plainWayLabel}
          options={ways.map((value) => ({ value, label: context.h.way[value] }))}
          value={chosen}
          onChoose={(value) => {
            way.value = value;
          }}
        />
      )}
      <DeviceInstructionsView
        context={context}
        instructions={deviceInstructions(chosen, device, context.hosting.reach)}
      />
    </div>
  );
}

function Assignments({ context, m, view }: PartProps) {
  const { format } = context;
  if (view.assignments.length < 2) return null;
  return (
    <>
      <h3>{m.deviceHistory}</h3>
      <ul class="plain-list">
        {view.assignments.map(({ deviceId, boundAt, unboundAt }) => (
          <li key={`${deviceId}${boundAt}`}>
            <code>{deviceId}</code>:{' '}
            {m.deviceHistoryRow({
              from: format.dateTime(Date.parse(boundAt)),
              to: unboundAt === undefined ? m.untilNow : format.dateTime(Date.parse(unboundAt)),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}
