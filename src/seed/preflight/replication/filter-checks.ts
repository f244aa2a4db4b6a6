// What a donor's replication filters have kept out of its data. Its GTIDs, and those of a target with its data, contain
// these transactions all the same. On a target that replicates from the donor's source nothing brings these rows, and
// no error shows that they lack. MySQL: "SHOW REPLICA STATUS Statement"; MariaDB: "SHOW REPLICA STATUS". Pure.
import type { HostReport } from '../../../host/facts.ts';
import { isDonorDown, type SeedRequest, type Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/** `replicate_ignore_db audit`, each once, of all channels; undefined: the server does not report them. */
export function filtersOf({ replication }: Pick<HostReport, 'replication'>): readonly string[] | undefined {
  if (!replication?.ok) return undefined;
  return [...new Set(replication.value.channels.flatMap(({ filters = [] }) => filters))].toSorted();
}

const isAlike = (one: readonly string[], other: readonly string[] | undefined) => one.join('\n') === other?.join('\n');

/** Targets that would silently lack rows: a target with the same filters lacks nothing new. */
const lacking = (filters: readonly string[], targets: readonly Side[]) =>
  targets.filter(({ report }) => !isAlike(filters, filtersOf(report)));

export function filterChecks(request: SeedRequest): Finding[] {
  const { donor, targets } = request;
  const { pass, unknown } = judging(donor);
  const filters = filtersOf(donor.report);
  if (!filters) {
    const why = isDonorDown(request) ? 'its server is down' : 'its server does not tell';
    return [unknown(`whether replication filters have kept rows out of its data: unknown, ${why}`)];
  }
  if (filters.length === 0) return [];
  const { warn } = judging(donor);
  const words = `its replication leaves rows out: ${filters.join(', ')}`;
  if (lacking(filters, targets).length === 0) return [pass(`${words}, as on each target`)];
  return [
    warn(
      `${words}; its data lacks them, and its GTIDs claim them`,
      'take a donor without filters, or give the targets the same ones before',
    ),
  ];
}

/** For above the prompt: what each such target will lack. */
export function lackingSentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  const filters = filtersOf(donor.report) ?? [];
  if (filters.length === 0) return [];
  return lacking(filters, targets).map(
    ({ host }) =>
      `${host.name} will lack the rows that ${donor.host.name} leaves out (${filters.join(', ')}), and nothing brings them later`,
  );
}
