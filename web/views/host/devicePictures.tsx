import type { ComponentChildren } from 'preact';
import type { Firmware } from '../../i18n/host/hostTexts.ts';
import type { HostContext } from '../../state/host/hosting.ts';

/** How to open a device's own page, with a small picture for each way. */
export function OpenDevicePage({ context, firmware }: { context: HostContext; firmware: Firmware }) {
  const { h } = context;
  if (firmware !== 'airrohr') return <p>{h.openOther[firmware]}</p>;
  const { name, router, ownWifi } = h.openWays;
  return (
    <section class="host-form" aria-labelledby="open-heading">
      <h3 id="open-heading">{h.openHeading}</h3>
      <ul class="open-ways">
        <Way {...name} drawing={<AddressBar />} />
        <Way {...router} drawing={<RouterList />} />
        <Way {...ownWifi} drawing={<PhoneWifi />} />
      </ul>
    </section>
  );
}

interface WayProps {
  title: string;
  text: string;
  picture: string;
  drawing: ComponentChildren;
}

function Way({ title, text, picture, drawing }: WayProps) {
  return (
    <li class="open-way">
      <Picture words={picture}>{drawing}</Picture>
      <div>
        <h4>{title}</h4>
        <p>{text}</p>
      </div>
    </li>
  );
}

/** Where the number stands. */
export function DeviceIdPicture({ context }: { context: HostContext }) {
  return (
    <Picture words={context.h.idPicture}>
      <Frame />
      <rect class="draw-soft" x="1" y="1" width="118" height="18" rx="5" />
      <text class="draw-strong" x="8" y="33">
        {{ de: 'Feinstaubsensor', en: 'Particulate sensor' }[context.language]}
      </text>
      <rect class="draw-mark" x="5" y="39" width="76" height="13" rx="3" />
      <text class="draw-strong" x="8" y="49">
        ID: 15303512
      </text>
      <text class="draw-text" x="8" y="63">
        Firmware: NRZ-2024-135
      </text>
      <rect class="draw-line" x="8" y="69" width="104" height="8" rx="2" />
    </Picture>
  );
}

function Picture({ words, children }: { words: string; children: ComponentChildren }) {
  return (
    <svg class="drawing" viewBox="0 0 120 84" width="180" height="126" role="img" aria-label={words}>
      {children}
    </svg>
  );
}

function Frame() {
  return <rect class="draw-frame" x="1" y="1" width="118" height="82" rx="5" />;
}

function AddressBar() {
  return (
    <>
      <Frame />
      <rect class="draw-soft" x="1" y="1" width="118" height="22" rx="5" />
      <rect class="draw-mark" x="7" y="6" width="106" height="12" rx="6" />
      <text class="draw-small" x="12" y="14.4" textLength="92" lengthAdjust="spacingAndGlyphs">
        http://airRohr-15303512.local
      </text>
      <rect class="draw-line" x="10" y="34" width="44" height="8" rx="2" />
      <rect class="draw-line" x="10" y="48" width="70" height="8" rx="2" />
      <rect class="draw-line" x="10" y="62" width="58" height="8" rx="2" />
    </>
  );
}

function RouterList() {
  return (
    <>
      <Frame />
      <rect class="draw-line" x="10" y="11" width="40" height="7" rx="2" />
      <rect class="draw-line" x="76" y="11" width="34" height="7" rx="2" />
      <rect class="draw-mark" x="5" y="25" width="110" height="15" rx="3" />
      <text class="draw-small draw-strong" x="10" y="35" textLength="56" lengthAdjust="spacingAndGlyphs">
        airRohr-15303512
      </text>
      <text class="draw-small" x="74" y="35" textLength="37" lengthAdjust="spacingAndGlyphs">
        192.168.178.42
      </text>
      <rect class="draw-line" x="10" y="48" width="50" height="7" rx="2" />
      <rect class="draw-line" x="76" y="48" width="34" height="7" rx="2" />
      <rect class="draw-line" x="10" y="64" width="32" height="7" rx="2" />
      <rect class="draw-line" x="76" y="64" width="34" height="7" rx="2" />
    </>
  );
}

function PhoneWifi() {
  return (
    <>
      <rect class="draw-frame" x="28" y="1" width="64" height="82" rx="8" />
      <path class="draw-stroke" d="M52 17a11 11 0 0 1 16 0M55.5 21a6.5 6.5 0 0 1 9 0" />
      <circle class="draw-dot" cx="60" cy="25" r="1.7" />
      <rect class="draw-line" x="35" y="34" width="34" height="7" rx="2" />
      <rect class="draw-mark" x="31" y="46" width="58" height="15" rx="3" />
      <text class="draw-small draw-strong" x="35" y="56" textLength="50" lengthAdjust="spacingAndGlyphs">
        airRohr-15303512
      </text>
      <rect class="draw-line" x="35" y="68" width="26" height="7" rx="2" />
    </>
  );
}
