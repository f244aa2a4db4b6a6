// Private keys from files. All hosts of a console share them, so that a passphrase is asked for once, not once a host.
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { opensshEd25519 } from './openssh-key.ts';

/** Asks for a key file's passphrase. Undefined: the operator declined. `again`: the last one was wrong. */
export type AskPassphrase = (file: string, again: boolean) => Promise<string | undefined>;

export type KeyFile =
  /** `converted`: ssh2 itself can't read the file, so the system's ssh is the better choice. */
  | { readonly state: 'plain'; readonly key: ParsedKey; readonly converted: boolean }
  | { readonly state: 'encrypted'; unlock(): Promise<ParsedKey | undefined> }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly why: string };

export interface KeyRing {
  read(file: string): Promise<KeyFile>;
}

const maxTries = 3;

export function keyRing(ask: AskPassphrase | undefined): KeyRing {
  const unlocked = new Map<string, Promise<ParsedKey | undefined>>();
  const asking = async (file: string, text: Buffer) => {
    for (let tries = 0; ask && tries < maxTries; tries++) {
      const passphrase = await ask(file, tries > 0);
      if (passphrase === undefined) return undefined;
      const key = parsed(text, passphrase);
      if (!(key instanceof Error)) return key;
    }
    return undefined;
  };

  const read = async (file: string): Promise<KeyFile> => {
    const text = await readFile(file).catch((error: NodeJS.ErrnoException) => error);
    if (text instanceof Error)
      return text.code === 'ENOENT' ? { state: 'absent' } : { state: 'unreadable', why: text.message };
    const key = parsed(text);
    if (!(key instanceof Error))
      return { state: 'plain', key, converted: isPkcs8(text) && parsedBySsh2(text) instanceof Error };
    if (!/no passphrase given/.test(key.message)) return { state: 'unreadable', why: whyUnreadable(text, key) };
    const unlock = () => {
      const known = unlocked.get(file) ?? asking(file, text);
      unlocked.set(file, known);
      return known;
    };
    return { state: 'encrypted', unlock };
  };
  return { read };
}

function parsed(text: Buffer, passphrase?: string): ParsedKey | Error {
  const key = parsedBySsh2(text, passphrase);
  return key instanceof Error && isPkcs8(text) ? fromPkcs8(text, passphrase) : key;
}

function parsedBySsh2(text: Buffer, passphrase?: string): ParsedKey | Error {
  const key = ssh2.utils.parseKey(text, passphrase);
  return key instanceof Error || key.isPrivateKey() ? key : new Error('not a private key');
}

/** The format in which openssl and cloud consoles write keys (RFC 5958). */
function isPkcs8(text: Buffer): boolean {
  return /-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(text.toString('latin1'));
}

/**
 * Converts the key to the older format of its kind, which ssh2 reads. The system's ssh reads PKCS#8 too, but can't ask
 * for a passphrase.
 */
function fromPkcs8(text: Buffer, passphrase: string | undefined): ParsedKey | Error {
  if (passphrase === undefined && /BEGIN ENCRYPTED/.test(text.toString('latin1')))
    return new Error('no passphrase given');
  try {
    const key = createPrivateKey({ key: text, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
    // OpenSSH before 9.6 does not read this one.
    if (key.asymmetricKeyType === 'ed25519') return parsedBySsh2(opensshEd25519(key));
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : key.asymmetricKeyType === 'ec' ? 'sec1' : undefined;
    if (type === undefined)
      return new Error(`a key of type ${key.asymmetricKeyType}, which ssh does not support; ssh-keygen makes one`);
    return parsedBySsh2(Buffer.from(key.export({ type, format: 'pem' })));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return new Error(`broken PKCS#8 (${code ?? error})`);
  }
}

function whyUnreadable(text: Buffer, { message }: Error): string {
  const start = text.toString('latin1', 0, 64);
  if (start.startsWith('PuTTY-User-Key-File-'))
    return 'a key of PuTTY; puttygen FILE -O private-openssh -o NEW writes one that can be read';
  return message;
}
