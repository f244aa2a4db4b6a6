// Which cryptography ssh2 runs on. Only this file looks inside it.
import cryptography from 'ssh2/lib/protocol/crypto.js';

/**
 * Whether ssh2's native addon was loaded. It falls back to plain JavaScript without a word (a silent try/catch), which does for
 * polling and moves bulk bytes six times slower.
 */
export function nativeCrypto(): boolean {
  return cryptography.bindingAvailable;
}
