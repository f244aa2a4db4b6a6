// What a host is doing, in one word: whether it can be reached, and whether its server runs. Pure.
import type { HostPicture } from '../../src/fleet/picture.ts';
import { type ServiceState, serviceState } from '../../src/fleet/service-state.ts';
import { type Look, type Span, signsOf, type Tone } from '../base/theme.ts';

/** `unreachable`: no way to the host, or no login there; `no sudo`: sudo refuses there; `asking`: no answer yet. */
export type HostState = 'unreachable' | 'no sudo' | 'silent' | 'asking' | ServiceState;

export function stateOf(picture: HostPicture): HostState {
  const { link, answeredAtMs } = picture;
  if (link.state === 'failed') return link.failure.kind === 'sudo' ? 'no sudo' : 'unreachable';
  if (link.state === 'silent') return 'silent';
  return answeredAtMs === undefined ? 'asking' : serviceState(picture);
}

interface Shown {
  readonly sign: 'up' | 'down' | 'bad' | 'waiting' | 'none';
  /** No longer than eight letters, but for what a wider column is worth (fleet-layout.ts). */
  readonly word: string;
  readonly tone: Tone;
}

/** The worst first. */
const shown: Readonly<Record<HostState, Shown>> = {
  unreachable: { sign: 'bad', word: 'unreachable', tone: 'bad' },
  'no sudo': { sign: 'bad', word: 'no sudo', tone: 'bad' },
  'crash-looping': { sign: 'bad', word: 'crash-looping', tone: 'bad' },
  down: { sign: 'down', word: 'down', tone: 'bad' },
  silent: { sign: 'waiting', word: 'silent', tone: 'warning' },
  // Running, but our login is refused; see the alert.
  closed: { sign: 'up', word: 'up ?', tone: 'warning' },
  starting: { sign: 'waiting', word: 'starting', tone: 'warning' },
  stopping: { sign: 'waiting', word: 'stopping', tone: 'warning' },
  unknown: { sign: 'waiting', word: '?', tone: 'warning' },
  asking: { sign: 'waiting', word: 'asking', tone: 'dim' },
  blank: { sign: 'none', word: 'empty datadir', tone: 'dim' },
  up: { sign: 'up', word: 'up', tone: 'good' },
};

const worstFirst = Object.keys(shown) as readonly HostState[];
export const badness = (state: HostState): number => worstFirst.indexOf(state);

/** `● up`, `✖ unreachable`. */
export function stateSpan(state: HostState, look: Look): Span {
  const { sign, word, tone } = shown[state];
  return { text: `${signsOf(look)[sign]} ${word}`, tone };
}
