// What a target was as a replica, and whether it is that again after its seed.
import { keptText } from './attach/kept.ts';
import { type Finding, judging } from './finding.ts';
import type { SeedWish, Side } from './wish.ts';

export function keptChecks({ asked }: SeedWish, target: Side): Finding[] {
  if (!asked) return [];
  const { pass, warn, refuse } = judging(target);
  const { name } = target.host;
  const kept = asked.replicas?.[name];
  if (!target.report.server?.ok && target.facts.dataBytes !== 0) {
    return [
      warn(
        `what ${name} was as a replica (delay, filters, TLS, channels) is not known and not kept: its server is down`,
      ),
    ];
  }
  if (kept === undefined) return [];
  if (typeof kept === 'string') {
    return [warn(`what ${name} was as a replica (delay, filters, TLS, channels) is not known and not kept: ${kept}`)];
  }
  const { further, filters } = kept;
  const unreadable = filters.filter((filter) => 'unknown' in filter);
  return [
    ...further.map((channel) =>
      refuse(
        `${name} has a further channel, ${channel}: it is not kept, and what it brought may be missing in the donor's data`,
        'end it (STOP REPLICA; RESET REPLICA ALL, both FOR CHANNEL), seed, and set it up anew',
      ),
    ),
    ...unreadable.map(({ words }) =>
      refuse(`${words}: its names can't be read for certain`, 'put the filter into the option files'),
    ),
    ...(further.length + unreadable.length > 0
      ? []
      : [pass(`stays as a replica what it is: ${keptText(kept) || 'all as by default'}`)]),
  ];
}
