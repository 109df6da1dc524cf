import type { ComponentChildren } from 'preact';
import { creditWords } from '../../server/api/pages/sensorCommunityCredit.ts';
import { officialFacts } from '../../server/api/pages/station/officialFacts.ts';
import { SENSOR_COMMUNITY } from '../../server/domain/credit.ts';
import { SENSOR_MODELS } from '../../server/domain/sensorModel.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationDetails, StationHistory } from '../state/stationHistory.ts';
import { areaPath, dailyMeansPath, reportPath, stationPath } from '../state/stationLinks.ts';
import { Heading, type SectionLevel } from './heading.tsx';
import { Unbroken } from './unbroken.tsx';

interface FactsProps {
  context: PageContext;
  history: StationHistory;
  level: SectionLevel;
}

/** What kind of station this is and whose data these are. */
export function StationFacts({ context, history, level }: FactsProps) {
  const { t } = context;
  const feature = history.feature.value;
  if (!feature) return null;
  const { reference } = feature.properties;
  return (
    <section class="station-facts" aria-labelledby="facts-heading">
      <Heading level={level} id="facts-heading">
        {t.details}
      </Heading>
      <dl>
        {factsOf(context, feature).map(([label, value]) => [
          <dt key={label}>{label}</dt>,
          <dd key={`${label}-`}>{value}</dd>,
        ])}
      </dl>
      <Credit t={t} properties={feature.properties} />
      <p class="note">{reference ? t.official(reference.network, reference.means ?? []) : `${t.indicative}.`}</p>
      <p>
        <a href={`/api/v1/stations/${feature.id}/series?quantity=pm25&window=raw&format=csv`} download>
          {t.download}
        </a>
      </p>
      <p>
        <a href={dailyMeansPath(feature.id, location.search)}>{t.dailyMeans}</a>
      </p>
      {reference === undefined && (
        <p>
          <a href={reportPath(feature.id, location.search)}>{t.report}</a>
        </p>
      )}
      <Neighbours context={context} feature={feature} level={level} />
    </section>
  );
}

/** Whose readings these are when they came through sensor.community. */
function Credit({ t, properties }: { t: PageContext['t']; properties: StationDetails['properties'] }) {
  const words = creditWords(properties, t);
  if (words === undefined) return null;
  const { name, url, licence, licenceUrl } = SENSOR_COMMUNITY;
  return (
    <p class="note">
      {words} <a href={url}>{name}</a>,{' '}
      <a href={licenceUrl} rel="license">
        {licence}
      </a>
      .
    </p>
  );
}

function factsOf(context: PageContext, { properties }: StationDetails): [string, ComponentChildren][] {
  const { t, format } = context;
  const { reference, areaId, areaName, sensorModels, heightClass, siting, source } = properties;
  const facts: [string, ComponentChildren][] = [];
  if (areaId && areaName)
    facts.push([
      t.fact.area,
      <a href={areaPath(areaId, location.search)}>
        <Unbroken text={areaName} />
      </a>,
    ]);
  if (sensorModels.length > 0) facts.push([t.fact.sensors, sensorModels.map(modelName).join(', ')]);
  if (heightClass) facts.push([t.fact.height, t.heightClass[heightClass]]);
  if (siting) facts.push([t.fact.siting, t.siting[siting]]);
  if (reference) facts.push(...officialFacts(reference, t));
  else facts.push([t.fact.coverage, format.percent(properties.coverage24h)]);
  facts.push([t.fact.place, t.position]);
  facts.push([t.fact.source, t.source[source as keyof typeof t.source] ?? source]);
  facts.push([t.fact.licence, properties.licence]);
  return facts;
}

interface NeighboursProps {
  context: PageContext;
  feature: StationDetails;
  level: SectionLevel;
}

function Neighbours({ context, feature, level }: NeighboursProps) {
  const { neighbours } = feature.properties;
  if (neighbours.length === 0) return null;
  return (
    <>
      <Heading level={level}>{context.t.fact.neighbours}</Heading>
      <ul class="neighbours">
        {neighbours.map(({ id, name, kind, distanceMetres }) => (
          <li key={id}>
            <span class="neighbour-name">
              <a href={stationPath(id, location.search)}>{name}</a>
              {kind === 'reference' && ` (${context.t.kind.reference})`}
            </span>
            <span>{context.format.number(distanceMetres / 1000, 1)} km</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** `Nova SDS011` for `sds011` or `sds011-2`; unknown ones as they call themselves. */
export function modelName(sensor: string): string {
  const id = sensor.split('-')[0];
  return SENSOR_MODELS.find((model) => model.id === id)?.name ?? sensor.toUpperCase();
}
