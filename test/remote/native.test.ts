import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { nativeCrypto } from '../../src/remote/ssh2/native.ts';

test("tells whether ssh2's native addon is there", () => {
  const addon = createRequire(import.meta.resolve('ssh2'));
  const load = () => addon('./protocol/crypto/build/Release/sshcrypto.node');
  expect(nativeCrypto()).toBe(loads(load));
});

function loads(load: () => unknown): boolean {
  try {
    load();
    return true;
  } catch {
    return false;
  }
}
