import type { Expression } from './filterParser.ts';
import { type LinkType, TYPES, type TypeName } from './model.ts';
import type { QueryOptions } from './queryOptions.ts';

/** Links to several that a filter's paths begin with. */
export function collectionsOf(filter: Expression | undefined, type: TypeName): string[] {
  const { links } = TYPES[type];
  const firsts = filter === undefined ? [] : pathsOf(filter).map(([step = '']) => step);
  return [...new Set(firsts.filter((step) => Object.hasOwn(links, step) && links[step]!.isCollection))];
}

/**
 * A path that cannot be followed: an order through links to several, whichever of them would be meant, and a filter that
 * would read Observations of every entity or follow a second link to several. Undefined when there is none.
 */
export function refusedPath({ filter, orderBy }: QueryOptions, type: TypeName): string[] | undefined {
  return (
    orderBy.find(({ steps }) => collectionAt(type, steps) >= 0)?.steps ??
    pathsOf(filter ?? { kind: 'literal', value: true }).find((steps) => {
      const [first = ''] = steps;
      const { links } = TYPES[type];
      const link = Object.hasOwn(links, first) ? links[first] : undefined;
      if (link?.isCollection !== true) return collectionAt(type, steps) >= 0;
      return link.to === 'Observation' || collectionAt(link.to, steps.slice(1)) >= 0;
    })
  );
}

/**
 * True for a path to a property of `type`, or to one of an entity it is linked with; what lies within a property is the
 * entity's own. A misspelt name would otherwise look like an entity that lacks it.
 */
export function isKnownPath([step = '', ...rest]: readonly string[], type: TypeName): boolean {
  const { links, properties } = TYPES[type];
  if (Object.hasOwn(links, step)) return isKnownPath(rest, links[step]!.to);
  return properties.includes(step) || (rest.length === 0 && (step === 'id' || step === '@iot.id'));
}

/** Where a path first goes through a link to several; -1 when it does not. */
function collectionAt(type: TypeName, steps: readonly string[]): number {
  let at: TypeName = type;
  for (const [index, step] of steps.entries()) {
    const link: LinkType | undefined = Object.hasOwn(TYPES[at].links, step) ? TYPES[at].links[step] : undefined;
    if (link === undefined) return -1;
    if (link.isCollection) return index;
    at = link.to;
  }
  return -1;
}

/** All paths of a filter. */
export function pathsOf(expression: Expression): string[][] {
  switch (expression.kind) {
    case 'path':
      return [expression.steps];
    case 'literal':
      return [];
    case 'not':
      return pathsOf(expression.operand);
    case 'call':
      return expression.args.flatMap(pathsOf);
    case 'binary':
      return [...pathsOf(expression.left), ...pathsOf(expression.right)];
  }
}
