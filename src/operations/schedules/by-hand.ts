// What a person agrees to who begins a schedule now: at its own hour none is there to ask. Pure.
import type { Host, Schedule } from '../../inventory/settings.ts';
import { allowedSentences } from '../../schedule/words.ts';
import { confirmOf } from '../plans/confirm.ts';

/** Sentences; empty: nothing. `hosts`: those of the inventory. */
export function agreedByHand(schedule: Schedule, hosts: readonly Host[]): readonly string[] {
  const names = hostsOf(schedule);
  const { confirm = [] } = confirmOf(hosts.filter(({ name }) => names.includes(name)));
  return [...confirm, ...allowedSentences(schedule)];
}

function hostsOf({ hosts, act }: Schedule): readonly string[] {
  if (act.do === 'seed') return [...hosts, act.donor];
  return act.do === 'proof' && act.on !== undefined ? [...hosts, act.on] : hosts;
}
