// Which cryptography ssh2 uses. Only this file reads ssh2's internals.
import cryptography from 'ssh2/lib/protocol/crypto.js';

/**
 * Whether ssh2 loaded its native addon. Without it ssh2 silently uses plain JavaScript (a silent try/catch). That is
 * enough for polling, and six times slower for bulk data.
 */
export function nativeCrypto(): boolean {
  return cryptography.bindingAvailable;
}
