import type { HostContext } from '../../state/host/hosting.ts';

/** The kit's own instructions: shopping list, assembly, firmware. */
const KIT_URL = {
  de: 'https://sensor.community/de/sensors/airrohr/',
  en: 'https://sensor.community/en/sensors/airrohr/',
};

/** For those who want to take part and have nothing to hang up: what it takes, and where it may hang. */
export function NoSensorYet({ context }: { context: HostContext }) {
  const { h, language } = context;
  return (
    <details class="no-sensor-yet">
      <summary>{h.noSensor.summary}</summary>
      <ul class="no-sensor">
        {h.noSensor.needs.map((need) => (
          <li key={need}>{need}</li>
        ))}
      </ul>
      <p>
        <a href={KIT_URL[language]} rel="noreferrer">
          {h.noSensor.kit}
        </a>
      </p>
    </details>
  );
}
