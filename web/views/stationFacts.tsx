import type { ComponentChildren } from 'preact';
import { SENSOR_MODELS } from '../../server/domain/sensorModel.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationDetails, StationHistory } from '../state/stationHistory.ts';
import { stationPath } from '../state/stationLinks.ts';

/** What kind of station this is and whose data these are. */
export function StationFacts({ context, history }: { context: PageContext; history: StationHistory }) {
  const { t } = context;
  const feature = history.feature.value;
  if (!feature) return null;
  return (
    <section class="station-facts" aria-labelledby="facts-heading">
      <h3 id="facts-heading">{t.details}</h3>
      {feature.properties.statusReason && <p class="notice">{t.excluded(feature.properties.statusReason)}</p>}
      <dl>
        {factsOf(context, feature).map(([label, value]) => [
          <dt key={label}>{label}</dt>,
          <dd key={`${label}-`}>{value}</dd>,
        ])}
      </dl>
      <p class="note">{t.indicative}.</p>
      <p>
        <a href={`/api/v1/stations/${feature.id}/series?quantity=pm25&window=raw&format=csv`} download>
          {t.download}
        </a>
      </p>
    </section>
  );
}

function factsOf(context: PageContext, { properties }: StationDetails): [string, ComponentChildren][] {
  const { t, format } = context;
  const { sensorModels, heightClass, siting, neighbours, source } = properties;
  const facts: [string, ComponentChildren][] = [];
  if (sensorModels.length > 0) facts.push([t.fact.sensors, sensorModels.map(modelName).join(', ')]);
  if (heightClass) facts.push([t.fact.height, t.heightClass[heightClass]]);
  if (siting) facts.push([t.fact.siting, t.siting[siting]]);
  facts.push([t.fact.coverage, format.percent(properties.coverage24h)]);
  facts.push([t.fact.place, t.position]);
  facts.push([t.fact.source, t.source[source as keyof typeof t.source] ?? source]);
  facts.push([t.fact.licence, properties.licence]);
  if (neighbours.length > 0)
    facts.push([t.fact.neighbours, <Neighbours key="n" context={context} neighbours={neighbours} />]);
  return facts;
}

function Neighbours({
  context,
  neighbours,
}: {
  context: PageContext;
  neighbours: StationDetails['properties']['neighbours'];
}) {
  return (
    <ul class="neighbours">
      {neighbours.map(({ id, name, distanceMetres }) => (
        <li key={id}>
          <a href={stationPath(id, location.search)}>{name}</a> ({context.format.number(distanceMetres / 1000, 1)} km)
        </li>
      ))}
    </ul>
  );
}

/** `Nova SDS011` for `sds011` or `sds011-2`; unknown ones as they call themselves. */
function modelName(sensor: string): string {
  const id = sensor.split('-')[0];
  return SENSOR_MODELS.find((model) => model.id === id)?.name ?? sensor.toUpperCase();
}
