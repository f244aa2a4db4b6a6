// The key of each end of a channel. It comes from a host that may be hostile, and becomes a line of a file that root
// reads on another host: it must be one line of a fixed form, or it is refused. seed-way.sh, seed-ssh.sh and
// seed-socat.sh check it again. Pure.
import type { SeedChannel } from '../../../inventory/settings.ts';
import type { PeerKind } from '../../../scripts/seed-way-words.ts';

export const peerKinds: Readonly<Record<SeedChannel, PeerKind>> = {
  ssh: 'ssh',
  relay: 'ssh',
  tls: 'tls',
  plain: 'plain',
};

const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/]{48}';
const certificate = '[A-Za-z0-9+/]{40,7990}={0,2}';

const peerForms: Readonly<Record<PeerKind, RegExp>> = {
  ssh: new RegExp(`^${sshKey} reseed$`),
  tls: new RegExp(`^${certificate}$`),
  plain: /^[0-9a-f]{32}$/,
};
const listenerForm = new RegExp(`^(\\d{1,5}) (${sshKey}|${certificate}|plain)$`);

/** The key of a donor, or of a target that passes data on; undefined: the text is no such key. */
export function readPeerKey(kind: PeerKind, text: string): string | undefined {
  const line = text.replace(/\n$/, '');
  return peerForms[kind].test(line) ? line : undefined;
}

/** A target's port and host key: `21000 ssh-ed25519 AAAA...`. undefined: the text is no such line. */
export function readListener(text: string): { readonly port: number; readonly known: string } | undefined {
  const [, port = '', known = ''] = listenerForm.exec(text.replace(/\n$/, '')) ?? [];
  return Number(port) > 0 && Number(port) < 65_536 ? { port: Number(port), known } : undefined;
}
