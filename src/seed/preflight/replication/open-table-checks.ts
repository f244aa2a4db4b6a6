// Open temporary tables of a donor whose server runs while it is read: those of its applier, and of its sessions. No copy has them. Pure.
import { applierTempTables } from '../../../host/server/temp-tables.ts';
import { endingOf } from '../../ending.ts';
import type { SeedRequest } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { sessionTableChecks } from './temp-table-checks.ts';

export const openTableChecks = (request: SeedRequest): Finding[] => [
  ...applierChecks(request),
  ...sessionTableChecks(request),
];

function applierChecks(request: SeedRequest): Finding[] {
  const { donor } = request;
  const { unknown, refuse } = judging(donor);
  const open = applierTempTables(donor.report);
  // A target that stays alone gets no later statement that uses them.
  if (open === undefined || !endingOf(request).catchesUp) return [];
  if (open === 'unknown') return [unknown('open temporary tables of its applier: unknown')];
  return [
    refuse(
      `its applier has ${open}, and the copy would not have them`,
      'wait until the session on its source that made them ends',
    ),
  ];
}
