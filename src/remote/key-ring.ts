// Private keys from files. Shared by all hosts of a console, so that a passphrase is asked for once, not once a host.
import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';

/** Asks for a key file's passphrase; undefined: the operator will not tell. `again`: the last one was wrong. */
export type AskPassphrase = (file: string, again: boolean) => Promise<string | undefined>;

export type KeyFile =
  | { readonly state: 'plain'; readonly key: ParsedKey }
  | { readonly state: 'encrypted'; unlock(): Promise<ParsedKey | undefined> }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly why: string };

export interface KeyRing {
  read(file: string): Promise<KeyFile>;
}

const mostTries = 3;

export function keyRing(ask: AskPassphrase | undefined): KeyRing {
  const unlocked = new Map<string, Promise<ParsedKey | undefined>>();
  const asking = async (file: string, text: Buffer) => {
    for (let tries = 0; ask && tries < mostTries; tries++) {
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
    if (!(key instanceof Error)) return { state: 'plain', key };
    if (!/no passphrase given/.test(key.message)) return { state: 'unreadable', why: key.message };
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
  const key = ssh2.utils.parseKey(text, passphrase);
  return key instanceof Error || key.isPrivateKey() ? key : new Error('not a private key');
}
