// The badges of hosts and of alerts: whether a host can be reached, and whether its server runs, in one word. Pure.
import type { Badge } from '../text/badge.ts';
import type { Alert, HostPicture } from './picture.ts';
import { type ServiceState, serviceState } from './service-state.ts';

/**
 * `unreachable`: no connection to the host, or no login there; `no sudo`: sudo refuses there; `silent`: it answered
 * before; `asking`: no answer yet.
 */
export type HostState = 'unreachable' | 'no sudo' | 'silent' | 'asking' | ServiceState;

export function stateOf(picture: HostPicture): HostState {
  const { link, answeredAtMs } = picture;
  if (link.state === 'failed') return link.failure.kind === 'sudo' ? 'no sudo' : 'unreachable';
  if (link.state === 'silent') return 'silent';
  return answeredAtMs === undefined ? 'asking' : serviceState(picture);
}

/** The worst first. Words of up to eight letters; a longer one makes its column wider (components/screens/fleet/layout.ts). */
export const hostBadges: Readonly<Record<HostState, Badge>> = {
  unreachable: { sign: 'bad', word: 'unreachable', tone: 'bad' },
  'no sudo': { sign: 'bad', word: 'no sudo', tone: 'bad' },
  'crash-looping': { sign: 'bad', word: 'crash-looping', tone: 'bad' },
  down: { sign: 'down', word: 'down', tone: 'bad' },
  // The last answer is old.
  silent: { sign: 'waiting', word: 'stale', tone: 'warning' },
  // Running, but our login is refused; the alert says why.
  closed: { sign: 'up', word: 'no login', tone: 'warning' },
  starting: { sign: 'waiting', word: 'starting', tone: 'warning' },
  stopping: { sign: 'waiting', word: 'stopping', tone: 'warning' },
  unknown: { sign: 'unknown', word: 'unknown', tone: 'warning' },
  asking: { sign: 'waiting', word: 'asking', tone: 'dim' },
  blank: { sign: 'none', word: 'empty datadir', tone: 'dim' },
  up: { sign: 'up', word: 'up', tone: 'good' },
};

export const hostBadge = (picture: HostPicture): Badge => hostBadges[stateOf(picture)];

const worstFirst = Object.keys(hostBadges) as readonly HostState[];
export const badness = (state: HostState): number => worstFirst.indexOf(state);

export interface BadgeCount {
  readonly badge: Badge;
  readonly count: number;
}

/** How many hosts are in each state: `up` first, then the worst first. States without a host are left out. */
export function hostCounts(hosts: readonly HostPicture[]): readonly BadgeCount[] {
  const states = hosts.map(stateOf);
  const order: readonly HostState[] = ['up', ...worstFirst.filter((state) => state !== 'up')];
  return order.flatMap((state) => {
    const count = states.filter((one) => one === state).length;
    return count === 0 ? [] : [{ badge: hostBadges[state], count }];
  });
}

export const alertBadges: Readonly<Record<Alert['level'], Badge>> = {
  critical: { sign: 'bad', word: 'critical', tone: 'bad' },
  warning: { sign: 'warning', word: 'warning', tone: 'warning' },
};
