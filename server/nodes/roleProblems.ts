import { ROLES, type Role } from '../configTypes.ts';

/** The settings that decide whether roles can work, as they stand in the environment. */
type Given = Readonly<
  Partial<Record<'ROLES' | 'MQTT_URL' | 'STORE' | 'NODE_ID' | 'REGISTRY_URL' | 'MIRROR_URL', string>>
>;

/** Why the roles asked for cannot work, one sentence each; empty when they can, or are no roles at all. */
export function roleProblems(given: Given): string[] {
  const roles = rolesIn(given.ROLES);
  if (roles.length === 0 || (roles.length === 1 && roles[0] === 'all')) return [];
  if (roles.includes('all')) return ['ROLES: all is everything and stands alone'];
  // The bridge has few settings and reads them itself; the aggregator opens the same doors on its main port.
  if (roles.includes('bridge')) return roles.length > 1 ? ['ROLES: bridge stands alone, as a process of its own'] : [];
  const what = `ROLES=${roles.join(',')}`;
  const problems: string[] = [];
  if (given.MQTT_URL === undefined) problems.push(`MQTT_URL is missing: ${what} needs a broker that all nodes share`);
  if (given.STORE !== 'influxdb') problems.push(`STORE must be influxdb: ${what} needs a store that all nodes share`);
  if (given.NODE_ID === undefined) problems.push(`NODE_ID is missing: ${what} needs a name of its own for each node`);
  return [...problems, ...placeProblems(roles, given, what)];
}

function placeProblems(roles: readonly Role[], given: Given, what: string): string[] {
  const isAggregator = roles.includes('aggregator');
  const problems: string[] = [];
  if (roles.includes('registry') && !isAggregator) {
    problems.push('ROLES: the registry is part of the aggregator: write aggregator,registry, or aggregator alone');
  }
  if (roles.includes('web') && !isAggregator && given.REGISTRY_URL === undefined) {
    problems.push(`REGISTRY_URL is missing: ${what} needs the address of the aggregator, which takes what is written`);
  }
  if (given.MIRROR_URL !== undefined && !isAggregator) {
    problems.push('MIRROR_URL: only the aggregator mirrors; leave it away here');
  }
  return problems;
}

/** The roles in the text; none when something in it is no role, which is told elsewhere. */
function rolesIn(text: string | undefined): Role[] {
  const names = (text ?? 'all').split(',').map((part) => part.trim());
  const found = ROLES.filter((role) => names.includes(role));
  return found.length === names.length ? found : [];
}
