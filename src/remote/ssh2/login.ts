// Logging in over ssh2: which keys are offered, in which order, and what was tried, for the failure.
//
// A server counts every key offered and hangs up after MaxAuthTries (6). So likely keys come first: the agent's keys
// that ~/.ssh/config names, the plain key files, the agent's other keys. Keys that need a passphrase come last.
import { readFile } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type BaseAgent, type ParsedKey } from 'ssh2';
import { cleanLine } from '../../text/clean.ts';
import type { SshSettings } from '../route/ssh-config.ts';
import type { KeyFile, KeyRing } from '../trust/key-ring.ts';
import { fingerprint } from '../trust/known-hosts.ts';

export interface Login {
  /** ssh2's authHandler. */
  next(
    methodsLeft: readonly string[] | null,
    partial: boolean | null,
    go: (method: AnyAuthMethod | false) => void,
  ): void;
  /** What was tried so far, one line each. */
  readonly tried: readonly string[];
}

export function loginWith(settings: SshSettings, ring: KeyRing): Login {
  const tried: string[] = [];
  const methods = methodsOf(settings, ring, tried);
  return {
    tried,
    next: (left, _partial, go) => {
      if (left && !left.includes('publickey')) {
        tried.push(cleanLine(`the server takes no key now, only: ${left.join(', ')}`));
        return go(false);
      }
      void methods.next().then(({ done, value }) => go(done ? false : value));
    },
  };
}

type Methods = AsyncGenerator<AnyAuthMethod, undefined>;

async function* methodsOf(settings: SshSettings, ring: KeyRing, tried: string[]): Methods {
  const { user: username, identitiesOnly } = settings;
  const agent = settings.agent === undefined ? undefined : ssh2.createAgent(settings.agent);
  const held = agent ? await keysOf(agent, tried) : [];
  const configured = await publicHalves(settings.identityFiles);
  const isConfigured = (key: ParsedKey) => configured.some((blob) => blob.equals(key.getPublicSSH()));
  const fromAgent = (keys: readonly ParsedKey[]): AnyAuthMethod[] => {
    for (const key of keys) tried.push(`agent key ${key.comment} ${fingerprint(key.getPublicSSH())}`);
    return agent && keys.length > 0 ? [{ type: 'agent', username, agent: partOf(agent, keys) }] : [];
  };
  const files = await Promise.all(settings.identityFiles.map(async (file) => ({ file, found: await ring.read(file) })));

  yield* fromAgent(held.filter(isConfigured));
  yield* fromPlain(files, username, tried);
  if (!identitiesOnly) yield* fromAgent(held.filter((key) => !isConfigured(key)));
  yield* fromLocked(files, username, tried);
  return undefined;
}

type Files = readonly { readonly file: string; readonly found: KeyFile }[];

async function* fromPlain(files: Files, username: string, tried: string[]): Methods {
  for (const { file, found } of files) {
    if (found.state === 'unreadable') tried.push(`${file}: ${found.why}`);
    if (found.state === 'absent') tried.push(`${file}: no such file`);
    if (found.state !== 'plain') continue;
    tried.push(file);
    yield { type: 'publickey', username, key: found.key };
  }
  return undefined;
}

async function* fromLocked(files: Files, username: string, tried: string[]): Methods {
  for (const { file, found } of files) {
    if (found.state !== 'encrypted') continue;
    const key = await found.unlock();
    tried.push(key ? file : `${file}: no passphrase, or a wrong one`);
    if (key) yield { type: 'publickey', username, key };
  }
  return undefined;
}

function keysOf(agent: BaseAgent, tried: string[]): Promise<ParsedKey[]> {
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => {
      if (error) tried.push(`the agent does not answer: ${error.message}`);
      // Agents of createAgent return parsed keys.
      resolve((keys ?? []) as ParsedKey[]);
    });
  });
}

/** The public keys beside the private ones: OpenSSH, too, knows by them which of the agent's keys are meant. */
async function publicHalves(files: readonly string[]): Promise<Buffer[]> {
  const texts = await Promise.all(files.map((file) => readFile(`${file}.pub`, 'utf8').catch(() => '')));
  return texts.map((text) => Buffer.from(text.split(/\s+/)[1] ?? '', 'base64')).filter((blob) => blob.length > 0);
}

/** The same agent, showing only `keys`. */
function partOf(agent: BaseAgent, keys: readonly ParsedKey[]): BaseAgent {
  const getIdentities: BaseAgent['getIdentities'] = (callback) => callback(undefined, [...keys]);
  return Object.assign(Object.create(agent), { getIdentities });
}
