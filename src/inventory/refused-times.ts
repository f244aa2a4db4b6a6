// Schedules that are refused at their times, as far as the file tells it: noted where the file is read. Else the first that is heard of it is a failure
// at night.
import { type Complain, type Place, quoted } from './problem.ts';
import type { Host, Schedule } from './settings.ts';

export function noteRefusedTimes(
  { name, act, hosts, allow }: Schedule,
  at: Place,
  all: readonly Host[],
  note: Complain,
): void {
  const head = `schedule ${quoted(name)}`;
  const changed = [...hosts, ...(act.do === 'proof' && act.on !== undefined ? [act.on] : [])];
  const kept = all.filter((host) => host.readOnly && changed.includes(host.name)).map((host) => host.name);
  if (kept.length > 0 && act.do !== 'rows')
    note(
      at,
      `${head} is refused at ${kept.join(', ')}: readOnly is true there`,
      'leave readOnly out, or name other hosts',
    );
  const missing = (allowance: 'remove-snapshots' | 'replace-data', what: string) => {
    const others = hosts.filter((host) => !allow[allowance]?.includes(host));
    if (others.length === 0) return;
    note(
      at,
      `${head} is refused at ${others.join(', ')} ${what}`,
      `write allow: { ${allowance}: [${hosts.join(', ')}] }`,
    );
  };
  if (act.do === 'prune') missing('remove-snapshots', 'as soon as there is a snapshot to remove');
  if (act.do === 'seed') missing('replace-data', 'where it has data');
}
