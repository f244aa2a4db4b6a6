// What keeps a rule with auto: true from ever beginning anything, as far as the file tells it: noted where the file is read. Else it would first be
// seen on the night on which the rule is needed.
import { type Complain, type Place, quoted } from './problem.ts';
import type { ByItself, Host, Receiver, Rule } from './settings.ts';

const forPerson = 'leave auto out: its plans are for a person';

/** `receivers`: of the whole file. `hosts`: those that the rule is for. */
export function noteNeverBegun(
  rule: Rule,
  at: Place,
  { hosts, all, receivers }: { hosts: readonly Host[]; all: readonly Host[]; receivers: readonly Receiver[] },
  note: Complain,
): void {
  const { auto, when, method } = rule;
  if (!auto) return;
  const head = `rule ${quoted(rule.name)} begins nothing by itself`;
  if (when.includes('crash-looping')) {
    const what = when.length === 1 ? head : `${head} where a server is crash-looping`;
    note(at, `${what}: such a server does not tell whether it is a replica`, forPerson);
  }
  if (method === 'stopped' || method === 'delta-stopped')
    note(
      at,
      `${head}: method ${method} needs a donor that is down, and its donor has to be well`,
      'name another method',
    );
  for (const cluster of new Set(hosts.flatMap((host) => host.cluster ?? []))) {
    noteSmallCluster(`${head} in ${cluster}`, at, auto, all.filter((host) => host.cluster === cluster).length, note);
  }
  const untold = hosts.filter(({ name }) => !receivers.some((one) => hears(one, name)));
  if (untold.length > 0) {
    const instead = 'write a receiver under notify that has them, and needs-person under on';
    note(at, `${head} at ${namesOf(untold)}: no receiver is told of needs-person there`, instead);
  }
  const kept = hosts.filter(({ readOnly }) => readOnly);
  if (kept.length > 0) note(at, `${head} at ${namesOf(kept)}: readOnly is true there`, 'leave readOnly or auto out');
}

/** The primary, the one that is broken, and so many that are well. */
function noteSmallCluster(head: string, at: Place, { minGood }: ByItself, size: number, note: Complain): void {
  if (size >= minGood + 2) return;
  const most = size - 2;
  const what = `${head}: with a primary and a broken replica ${most > 0 ? `${most} can be well` : 'none can be well'}, and minGood is ${minGood}`;
  note(at, what, most > 0 ? `write minGood: ${most}, or leave auto out` : forPerson);
}

const hears = ({ on, hosts }: Receiver, name: string): boolean =>
  on.includes('needs-person') && (hosts === undefined || hosts.includes(name));

const namesOf = (hosts: readonly Host[]): string => hosts.map(({ name }) => name).join(', ');
