import { type Rejection, reject } from '../domain/reading.ts';

/** One step of an address. */
export type PathStep =
  | { kind: 'name'; name: string; key?: string }
  /** `$value` or `$ref`, only at the end. */
  | { kind: 'ending'; ending: '$value' | '$ref' };

const MAX_STEPS = 8;

/** Reads `Things('x')/Datastreams('y')/Observations`, without the leading slash; empty for the service's root. */
export function parseResourcePath(path: string): PathStep[] | Rejection {
  const texts = path.split('/').filter((text) => text !== '');
  if (texts.length > MAX_STEPS) return reject('unreadable', 'The address has too many parts.');
  const steps: PathStep[] = [];
  for (const [index, text] of texts.entries()) {
    if (text === '$value' || text === '$ref') {
      if (index !== texts.length - 1) return reject('unreadable', `${text} stands at the end of an address.`);
      steps.push({ kind: 'ending', ending: text });
      continue;
    }
    const match = /^(@?[A-Za-z][\w.]*)(?:\((?:'((?:[^']|'')*)'|([\w.-]+))\))?$/.exec(text);
    if (match === null) return reject('unreadable', `"${text.slice(0, 40)}" is no part of an address here.`);
    const [, name = '', quoted, bare] = match;
    const key = quoted?.replaceAll("''", "'") ?? bare;
    steps.push({ kind: 'name', name, ...(key !== undefined && { key }) });
  }
  return steps;
}
