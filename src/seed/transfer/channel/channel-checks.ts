// What a channel needs on either side, and its warnings. Whether it works is tested before anything is destroyed.
import type { SeedChannel } from '../../../inventory/settings.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { channelTo, isBySsh, type SeedRequest, type Side } from '../../request.ts';
import { refusedRoute } from './refused-route.ts';

const needs: Readonly<Record<SeedChannel, { readonly donor: readonly string[]; readonly target: readonly string[] }>> =
  {
    ssh: { donor: ['ssh', 'ssh-keygen'], target: ['sshd', 'ssh-keygen'] },
    relay: { donor: ['ssh', 'ssh-keygen'], target: ['sshd', 'ssh-keygen'] },
    tls: { donor: ['socat', 'openssl'], target: ['socat', 'openssl'] },
    plain: { donor: ['socat'], target: ['socat'] },
  };

const packing = ({ compression }: SeedRequest) => (compression === 'zstd' ? ['zstd'] : []);

/** For the channels to all its targets. */
export const donorTools = (request: SeedRequest): string[] => [
  ...new Set(request.targets.flatMap((target) => needs[channelTo(request, target)].donor)),
  ...packing(request),
];
export const targetTools = (request: SeedRequest, target: Side): string[] => [
  ...needs[channelTo(request, target)].target,
  ...packing(request),
];

export function channelChecks(request: SeedRequest, target: Side): Finding[] {
  return [...routeChecks(request.donor, target), ...chosenChannelChecks(request, target)];
}

/** A host whose `ip route get` answers anything but an address is broken, or hostile. */
function routeChecks(donor: Side, target: Side): Finding[] {
  const refused = refusedRoute(donor, target);
  if (refused === undefined) return [];
  return [
    judging(donor).warn(
      refused,
      `look at what "ip route get ${target.host.ssh.host}" says there: a host that is in order says an address`,
    ),
  ];
}

function chosenChannelChecks(request: SeedRequest, target: Side): Finding[] {
  const channel = channelTo(request, target);
  if (channel === 'plain') {
    return [
      judging(target).warn(
        'the inventory lets the data go there unencrypted: every machine on that network can read it',
      ),
    ];
  }
  const listeners = isBySsh(request, target) ? listenerChecks(target, request.donor.host.name) : [];
  const local = [request.donor, target].find(({ host }) => host.ssh.transport === 'local');
  if (channel !== 'relay' || !local) return listeners;
  const nowhere = `${local.host.name} is this machine: a relay through it leads nowhere`;
  return [...listeners, judging(target).refuse(nowhere, '--channel ssh')];
}

function listenerChecks(target: Side, donor: string): Finding[] {
  const { pass, unknown, refuse } = judging(target);
  const { listener } = target.facts;
  const asked = `whether the job's sshd would let ${donor} in: unknown`;
  switch (listener?.state) {
    case 'open':
      return [pass(`the job's sshd lets ${donor} in`)];
    case 'closed':
      return [
        refuse(
          `a sshd of the job's would not let ${donor} in: ${listener.why || 'it did not say why'}`,
          `${donor} logs in as root with an ed25519 key of the job's: give root a shell, or seed by --channel tls`,
        ),
      ];
    default:
      // The job tests it before anything is destroyed.
      return [unknown(`${asked}, ${listener?.why || 'it was not tried'}`, 'the job tries it before it changes data')];
  }
}
