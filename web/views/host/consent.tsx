import { pageUrl } from '../../../server/api/pages/pageUrls.ts';
import type { StepProps } from './stepParts.tsx';

interface ConsentProps extends StepProps {
  isGiven: boolean;
  isMissing: boolean;
  onChange: (isGiven: boolean) => void;
}

/**
 * In plain words, before anything is sent: what becomes public, for how long, how to withdraw. When these texts change
 * in meaning, `TERMS_VERSION` rises.
 */
export function Consent({ model, isGiven, isMissing, onChange }: ConsentProps) {
  const { h, hosting, instance, language } = model.context;
  const { positionGridMetres, isIndoor, isPublishedIndoor } = model.place.value;
  const { licence } = instance;
  const metres = h.precisionOf(positionGridMetres);
  const isPublic = !isIndoor || isPublishedIndoor;
  return (
    <section class="consent" aria-labelledby="consent-heading">
      <h2 id="consent-heading">{h.consentHeading}</h2>
      <div class="consent-parts">
        <Part heading={h.publicHeading} lines={h.publicThings({ metres, isPublic, licence })} />
        <Part heading={h.privateHeading} lines={h.privateThings} />
        <Part heading={h.keepHeading} lines={[h.keepFor(hosting.retentionDays)]} />
        <Part heading={h.withdrawHeading} lines={h.withdraw} />
      </div>
      <p>
        <a href={pageUrl('/privacy', language)} target="_blank" rel="noopener">
          {h.privacyLink}
        </a>
      </p>
      <label class="check consent-check">
        <input
          id="consent"
          type="checkbox"
          checked={isGiven}
          aria-invalid={isMissing}
          required
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
        <span>{h.consent({ version: hosting.termsVersion, licence })}</span>
      </label>
    </section>
  );
}

function Part({ heading, lines }: { heading: string; lines: readonly string[] }) {
  return (
    <div>
      <h3>{heading}</h3>
      <ul class="plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
