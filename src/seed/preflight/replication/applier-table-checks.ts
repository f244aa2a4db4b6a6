// Temporary tables that the applier of a target has open. The seed stops its server, which drops them; an undone seed puts the old data
// back without them. Pure.
import { applierTempTables } from '../../../host/temp-tables.ts';
import type { SeedWish, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

const dropped =
  'its stop drops them. If the seed is undone, later statements of its source that use them fail or change another table';

export function applierTableChecks(target: Side): Finding[] {
  const { warn, unknown } = judging(target);
  const open = applierTempTables(target.report);
  if (open === undefined) return [];
  if (open === 'unknown') return [unknown(`open temporary tables of its applier: unknown; ${dropped}`)];
  return [warn(`its applier has ${open}: ${dropped}`, 'wait until the session on its source that made them ends')];
}

/** For above the prompt. */
export function applierTableSentences({ targets }: Pick<SeedWish, 'targets'>): string[] {
  return targets.flatMap(({ host, report }) => {
    const open = applierTempTables(report);
    return open === undefined || open === 'unknown'
      ? []
      : [`the applier of ${host.name} has ${open}: its stop drops them, and an undone seed does not bring them back`];
  });
}
