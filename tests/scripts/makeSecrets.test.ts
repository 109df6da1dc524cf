import { describe, expect, it } from '@jest/globals';
import { normaliseKey } from '../../server/process/keys.ts';
import { envOf, withSecrets } from '../support/composeFile.ts';
import { packageText } from '../support/packageText.ts';

describe('the generator of secrets', () => {
  it('makes every secret the stack asks for, each different, 256 bits long or one of our keys', () => {
    const asked = new Set(packageText('docker-compose.yml').match(/STACK_\w+/g));
    const { STACK_ADMIN_TOKEN, ...made } = envOf(withSecrets(''));
    expect(new Set(Object.keys(made).concat('STACK_ADMIN_TOKEN'))).toEqual(asked);
    expect(new Set(Object.values(made)).size).toBe(asked.size - 1);
    for (const value of Object.values(made)) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    expect(normaliseKey(STACK_ADMIN_TOKEN ?? '')).toBe(STACK_ADMIN_TOKEN);
  });

  it('keeps what is there', () => {
    const before = 'INSTANCE_NAME=Köln\nSTACK_INFLUX_TOKEN=mine';
    const after = withSecrets(before);
    expect(after.startsWith(`${before}\n`)).toBe(true);
    expect(withSecrets(after)).toBe(after);
  });
});
