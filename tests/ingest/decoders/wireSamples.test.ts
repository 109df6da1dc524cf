import { describe, expect, it } from '@jest/globals';
import { isRejection } from '../../../server/domain/reading.ts';
import { decoders } from '../../../server/ingest/decoders/index.ts';
import { payloadOf, topicOf, WIRE_CASES, WIRE_FILES } from './wireCases.ts';

describe('messages captured from devices', () => {
  it.each(WIRE_CASES)('$file $line $object $pin decodes to the values it carries', (wireCase) => {
    const result = decoders[wireCase.format](payloadOf(wireCase), topicOf(wireCase));
    if (isRejection(result)) {
      expect(result.reason).toBe(wireCase.rejected);
      return;
    }
    const { refusedFields, format, ...message } = result;
    const refused = refusedFields.map(({ field, reason }) => `${field} ${reason}`);
    expect({ ...message, refused }).toEqual(wireCase.message);
    expect(format).toBe(wireCase.format);
  });

  it('covers every file', () => {
    const covered = new Set([...WIRE_CASES.map(({ file }) => file), 'expected.json']);
    expect(WIRE_FILES.filter((file) => !covered.has(file))).toEqual([]);
  });
});
