// Whether a running server would find its state at the same places after a restart. A seed restarts its target's
// server, on new data or on the old, and the server then reads its option files.

import type { Side } from '../../request.ts';
import { titleOf } from '../../target/place-titles.ts';
import { type Finding, judging } from '../finding.ts';

/** A seed does not restart a donor. But its present places and its option files differ. */
export function nextStartChecks(side: Side, role: 'donor' | 'target'): Finding[] {
  const { facts, host } = side;
  const { nextStart } = facts;
  if (!nextStart) return [];
  const { pass, unknown, warn, refuse } = judging(side);
  if (nextStart.unread !== undefined) {
    return [unknown(`where ${host.name}'s server would keep its state after a restart: unknown, ${nextStart.unread}`)];
  }
  const unasked = nextStart.unknown.map((kind) =>
    unknown(
      `where ${host.name}'s server would have ${titleOf(kind)} after a restart: unknown, its program does not say`,
    ),
  );
  const changed = nextStart.changed.map(({ kind, now, next }) => {
    const text = `${titleOf(kind)} of ${host.name}: ${pathsText(now)} now, ${pathsText(next)} after a restart: its options were changed since its start`;
    return role === 'donor'
      ? warn(text, 'what is copied is what the running server has')
      : refuse(text, `restart the server once (reseed restart ${host.name}), or put the option back; then seed again`);
  });
  if (changed.length > 0 || unasked.length > 0) return [...changed, ...unasked];
  return [pass('its option files name the places that the running server has')];
}

const pathsText = (paths: readonly string[]) => (paths.length === 0 ? 'none' : paths.join(', '));
