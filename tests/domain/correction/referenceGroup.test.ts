import { describe, expect, it } from '@jest/globals';
import { ReferenceGroup } from '../../../server/domain/correction/referenceGroup.ts';
import { referenceFactor } from '../../../server/domain/correction/referenceRatio.ts';
import { randomNumbers } from '../../support/randomNumbers.ts';

describe('the group of one hour', () => {
  it('gives each member the factor of the others, to the last digit', () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 400; round++) {
      const size = Math.floor(random() * 12);
      const isFlat = random() < 0.1;
      // Some far off, some equal, some near zero.
      const means = Array.from({ length: size }, () =>
        isFlat ? 5 : random() < 0.1 ? 900 : Math.round(200 * random()) / 10,
      );
      const reference = random() < 0.05 ? 0 : 60 * random();
      const group = new ReferenceGroup(means);
      for (let without = -1; without < size; without++) {
        const others = means.filter((_, at) => at !== without);
        const expected = referenceFactor({ reference, group: others })?.factor;
        expect([means, without, group.factor(reference, without)]).toEqual([means, without, expected]);
      }
    }
  });
});
