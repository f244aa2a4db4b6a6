// A private key of type ed25519 in OpenSSH's own format, which ssh2 reads (PROTOCOL.key of OpenSSH).
import type { KeyObject } from 'node:crypto';

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (bytes: Buffer | string) => Buffer.concat([uint32(Buffer.byteLength(bytes)), Buffer.from(bytes)]);
/** The block size of the cipher "none". */
const blockBytes = 8;

/** PEM without a passphrase: it stays in memory. `key` is a private key of type ed25519. */
export function opensshEd25519(key: KeyObject): Buffer {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [secret, shared] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const type = string('ssh-ed25519');
  // Two equal numbers tell a reader that its passphrase was right.
  const own = Buffer.concat([
    uint32(0),
    uint32(0),
    type,
    string(shared),
    string(Buffer.concat([secret, shared])),
    string(''),
  ]);
  const padding = Buffer.from(
    Array.from({ length: (blockBytes - (own.length % blockBytes)) % blockBytes }, (_, at) => at + 1),
  );
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(string),
    uint32(1),
    string(Buffer.concat([type, string(shared)])),
    string(Buffer.concat([own, padding])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return Buffer.from(`-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`);
}
