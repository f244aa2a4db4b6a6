// What each end of a channel is known by. It comes from a host that may be hostile and becomes a line of a file that root reads on
// another: one line of a fixed form, or refused. seed-way.sh, seed-ssh.sh and seed-socat.sh ask the same again. Pure.
import type { SeedChannel } from '../../../inventory/settings.ts';

/** A relay is the ssh channel through this machine. */
export type PeerKind = 'ssh' | 'tls' | 'plain';

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

/** What a donor, or a target that passes on, comes with; undefined: it is nothing of the kind. */
export function readPeerKey(kind: PeerKind, text: string): string | undefined {
  const line = text.replace(/\n$/, '');
  return peerForms[kind].test(line) ? line : undefined;
}

/** Where a target listens and what it is known by: `21000 ssh-ed25519 AAAA...`. undefined: it is nothing of the kind. */
export function readListener(text: string): { readonly port: number; readonly known: string } | undefined {
  const [, port = '', known = ''] = listenerForm.exec(text.replace(/\n$/, '')) ?? [];
  return Number(port) > 0 && Number(port) < 65_536 ? { port: Number(port), known } : undefined;
}
