import type { Expression } from './filterParser.ts';

/** Parts of a filter that take about as long as reading a value does. */
const PARTS_PER_VALUE = 10;
/** A function, beside a comparison: measured, a time's hour or two joined texts take five times as long. */
const CALL_PARTS = 5;

/** What trying a filter on one entity costs, in values read; 1 without one. */
export function costOf(filter: Expression | undefined): number {
  return filter === undefined ? 1 : Math.ceil(partsOf(filter) / PARTS_PER_VALUE);
}

function partsOf(expression: Expression): number {
  switch (expression.kind) {
    case 'literal':
      return 1;
    case 'path':
      return expression.steps.length;
    case 'not':
      return 1 + partsOf(expression.operand);
    case 'call':
      return expression.args.reduce((sum, each) => sum + partsOf(each), CALL_PARTS);
    case 'binary':
      return 1 + partsOf(expression.left) + partsOf(expression.right);
  }
}
