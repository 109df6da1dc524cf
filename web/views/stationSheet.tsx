import { useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { MapModel } from '../state/mapModel.ts';
import { alertPath, stationPath } from '../state/stationLinks.ts';
import { Icon } from './icons.tsx';
import { ShareButton } from './shareButton.tsx';
import { StationDetail } from './stationDetail.tsx';

/** How far the handle must be drawn to change the sheet's height, CSS pixels. */
const DRAG_PX = 40;

interface SheetProps {
  model: MapModel;
  stationId: string;
  /** False for the station of a link: a page that has just opened starts at its beginning. */
  takesFocus: boolean;
}

/** The chosen station beside the map, or from below on a phone. Takes focus when it is opened, Escape closes it. */
export function StationSheet({ model, stationId, takesFocus }: SheetProps) {
  const { t } = model.context;
  const heading = useRef<HTMLHeadingElement>(null);
  const isTall = useSignal(false);
  const name = useComputed(() => {
    void model.store.version.value;
    return model.store.station(stationId)?.name ?? t.station;
  });
  useEffect(() => {
    if (!takesFocus) return undefined;
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [stationId, takesFocus]);
  return (
    <section
      class={`sheet ${isTall.value ? 'is-tall' : ''}`}
      aria-labelledby="sheet-heading"
      onKeyDown={(event) => {
        if (event.key === 'Escape') model.select(undefined);
      }}
    >
      <SheetHandle
        isTall={isTall.value}
        label={isTall.value ? t.collapse : t.expand}
        onTall={(tall) => {
          isTall.value = tall;
        }}
        onClose={() => model.select(undefined)}
      />
      <SheetHead model={model} heading={heading} name={name.value} />
      <div class="sheet-body">
        <StationDetail key={stationId} model={model} stationId={stationId} />
        <SheetLinks model={model} stationId={stationId} name={name.value} />
      </div>
    </section>
  );
}

interface HeadProps {
  model: MapModel;
  heading: RefObject<HTMLHeadingElement | null>;
  name: string;
}

function SheetHead({ model, heading, name }: HeadProps) {
  const { t } = model.context;
  return (
    <header class="sheet-head">
      <h2 id="sheet-heading" ref={heading} tabIndex={-1}>
        {name}
      </h2>
      <button
        type="button"
        class="icon-button"
        aria-label={t.close}
        title={t.close}
        onClick={() => model.select(undefined)}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

/** Where to go from the sheet. */
function SheetLinks({ model, stationId, name }: Pick<SheetProps, 'model' | 'stationId'> & { name: string }) {
  const { context } = model;
  const { t, instance } = context;
  return (
    <p class="sheet-links">
      <a class="button" href={stationPath(stationId, location.search)}>
        <Icon name="page" />
        {t.fullPage}
      </a>
      {instance.alertsUrl && (
        <a class="button" href={alertPath(instance.alertsUrl, stationId, location.search)}>
          {t.alertHere}
        </a>
      )}
      <ShareButton context={context} path={stationPath(stationId, location.search)} title={name} />
    </p>
  );
}

interface HandleProps {
  isTall: boolean;
  label: string;
  onTall: (isTall: boolean) => void;
  onClose: () => void;
}

/** On a phone: draw up for more, down for less or to close; a press of the button does the same. */
function SheetHandle({ isTall, label, onTall, onClose }: HandleProps) {
  const startY = useRef<number | undefined>(undefined);
  const wasDrawn = useRef(false);
  return (
    <button
      type="button"
      class="sheet-handle"
      aria-label={label}
      aria-expanded={isTall}
      onClick={() => {
        if (!wasDrawn.current) onTall(!isTall);
        wasDrawn.current = false;
      }}
      onPointerDown={(event) => {
        startY.current = event.clientY;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerUp={(event) => {
        const drawn = event.clientY - (startY.current ?? event.clientY);
        wasDrawn.current = Math.abs(drawn) > DRAG_PX;
        if (drawn < -DRAG_PX) onTall(true);
        else if (drawn > DRAG_PX && isTall) onTall(false);
        else if (drawn > DRAG_PX) onClose();
      }}
    >
      <span aria-hidden="true" />
    </button>
  );
}
