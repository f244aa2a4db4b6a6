// Which leg of a route through jump hosts failed: a failure at a jump host says nothing about the host behind it. Pure.
import type { Trouble } from '../failure.ts';
import { listedName } from '../trust/host-key.ts';
import type { Hop, Route } from './route.ts';

const named = ({ name, settings: { hostname } }: Hop) =>
  name === undefined || name === hostname ? hostname : `${name} (${hostname})`;

/**
 * The trouble, with a message that names the target and the jump host that failed or let it through. `hop`: where it
 * failed, if known.
 */
export function onLeg(trouble: Trouble, route: Route, hop = hopIn(trouble, route)): Trouble {
  const target = route.at(-1) as Hop;
  const before = route.at(-2);
  if (before === undefined) return trouble;
  const { message } = trouble;
  if (hop !== target)
    return { ...trouble, message: `the jump host ${named(hop)} of ${named(target)} failed: ${message}` };
  return trouble.kind === 'unreachable'
    ? { ...trouble, message: `${message} (${named(target)}, behind the jump host ${named(before)})` }
    : trouble;
}

/** The hop as the ssh client names it: by its address, in the message of the hop that failed. */
function hopIn(trouble: Trouble, route: Route): Hop {
  const target = route.at(-1) as Hop;
  const jumps = route.slice(0, -1);
  if (trouble.kind === 'hostKey')
    return jumps.find((hop) => listedName(hop) === trouble.address.toLowerCase()) ?? target;
  const words = `${trouble.message}\n${trouble.printed}`;
  const spoken = failures.flatMap((pattern) => [...words.matchAll(pattern)].map(([, host = '']) => host));
  return jumps.find(({ settings }) => spoken.includes(settings.hostname)) ?? target;
}

const failures = [
  /connect to host (\S+) port/g,
  /Could not resolve hostname ([^\s:]+)/g,
  /Connection (?:closed|reset) by (?:\S+@)?(\S+) port/g,
  /Connection to (\S+) port \d+ timed out/g,
  /@(\S+): Permission denied/g,
  /^(\S+) does not let /gm,
];
