// What the system's ssh prints when it cannot connect -> the failure. Pure. ssh runs with LogLevel DEBUG1, because only
// that level tells the fingerprint of an unknown key, and which of our keys it tried.
import { cleanText } from '../../text/clean.ts';
import { authTrouble, type Trouble, unreachable } from '../failure.ts';
import type { SshSettings } from '../route/ssh-config.ts';
import { hostKeyTrouble } from '../trust/host-key.ts';

/** `printed`: all of standard error; `settings`: the target's, for the message. */
export function troubleFromSsh(printed: string, settings: SshSettings): Trouble {
  const lines = cleanText(printed)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const said = lines.filter((line) => !line.startsWith('debug')).join('\n');
  return hostKeyFrom(lines, said) ?? authFrom(lines, said, settings) ?? noConnection(said, settings);
}

function hostKeyFrom(lines: readonly string[], said: string): Trouble | undefined {
  // Several hops may have shown a key; the last one is the key that was not believed.
  const shown = lines
    .map((line) => /Server host key: (\S+) (SHA256:\S+)/.exec(line))
    .findLast((match) => match !== null);
  const facts = { keyType: shown?.[1] ?? '', fingerprint: shown?.[2] ?? '' };
  const where = /(?:Offending|revoked) \S*\s?key in (\S+:\d+)/i.exec(said)?.[1];
  const revoked = /host key for (\S+) (?:was|is marked as) revoked|REVOKED HOST KEY DETECTED/i.exec(said);
  const address = /host key for (\S+) (?:has changed|was revoked|is marked)|host key is known for (\S+) and/i.exec(
    said,
  );
  const named = { ...facts, address: address?.[1] ?? address?.[2] ?? '', ...(where !== undefined && { where }) };
  if (revoked) return hostKeyTrouble({ problem: 'revoked', ...named });
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|has changed and you have requested strict/i.test(said)) {
    return hostKeyTrouble({ problem: 'changed', ...named });
  }
  if (/host key is known for|Host key verification failed/i.test(said))
    return hostKeyTrouble({ problem: 'unknown', ...named });
  return undefined;
}

function authFrom(lines: readonly string[], said: string, settings: SshSettings): Trouble | undefined {
  if (!/Permission denied|Too many authentication failures|No more authentication methods/i.test(said))
    return undefined;
  const tried = lines.flatMap((line) => /(?:Offering public key|Trying private key): (.+)/.exec(line)?.[1] ?? []);
  // The host that refused may be a hop.
  const [, user = settings.user, hostname = settings.hostname] = /^(\S+)@(\S+): Permission denied/m.exec(said) ?? [];
  return authTrouble(user, hostname, tried, said);
}

function noConnection(said: string, { hostname, port }: SshSettings): Trouble {
  const why = said.split('\n').at(-1) ?? '';
  return unreachable(
    `no SSH connection to ${hostname}:${port}: ${why || 'ssh gave no reason'}`,
    'is the host up, and address and port right?',
    said,
  );
}
