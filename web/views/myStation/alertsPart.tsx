import { useEffect, useMemo } from 'preact/hooks';
import { AlertsModel } from '../../state/host/alertsModel.ts';
import { AlertRules } from './alertRules.tsx';
import { ContactList } from './contactList.tsx';
import { type PartProps, Section } from './myStationParts.tsx';

/** Whom to tell, and when. */
export function AlertsPart(props: PartProps) {
  const { m, model } = props;
  const alerts = useMemo(() => new AlertsModel(model), [model]);
  useEffect(() => void alerts.load(), [alerts]);
  const status = alerts.status.value;
  const settings = alerts.settings.value;
  return (
    <Section part="alerts" m={m}>
      {status === 'loading' && <p role="status">{m.loading}</p>}
      {status === 'unavailable' && <p>{m.alertsUnavailable}</p>}
      {status === 'failed' && (
        <p role="alert">
          {m.stale}{' '}
          <button type="button" class="button" onClick={() => void alerts.load()}>
            {m.retry}
          </button>
        </p>
      )}
      {status === 'ready' && settings && (
        <>
          <h3>{m.contactsHeading}</h3>
          <ContactList {...props} alerts={alerts} />
          <h3>{m.rulesHeading}</h3>
          <AlertRules {...props} alerts={alerts} settings={settings} />
        </>
      )}
    </Section>
  );
}
