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
    (filter === undefined ? [] : pathsOf(filter)).find((steps) => {
      const [first = ''] = steps;
      const { links } = TYPES[type];
      const link = Object.hasOwn(links, first) ? links[first] : undefined;
      if (link?.isCollection !== true) return collectionAt(type, steps) >= 0;
      return link.to === 'Observation' || collectionAt(link.to, steps.slice(1)) >= 0;
    })
  );
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
