import { afterEach } from '@jest/globals';

const closers: (() => unknown)[] = [];

/** Calls `close` after the running test, the last opened first. For everything a test starts. */
export function closeAfterTest(close: () => unknown): void {
  closers.push(close);
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
