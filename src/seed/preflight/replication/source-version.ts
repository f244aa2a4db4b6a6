// Whether a target may replicate from its source: a replica of an older series than its source may not understand what
// it gets.
import { replicaPlan } from '../../replica/attachment.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

export function sourceVersionFinding(request: SeedRequest, target: Side): Finding[] {
  const { warn, refuse } = judging(target);
  const source = replicaPlan(request, target)?.source.known;
  const report = [request.donor, ...request.others].find(({ host }) => host.name === source?.name)?.report;
  const version = report?.server?.ok ? report.server.value.version : undefined;
  const taken = versionOf(target);
  if (!source || version === undefined || !taken || !isNewerSeries(version, taken.version)) return [];
  const text = `its source ${source.name} has ${version}, a newer series than ${taken.text} here`;
  if (/^(OFF|0)$/i.test(target.facts.variables.replica_allow_higher_version_source ?? '')) {
    return [
      refuse(
        `${text}: replica_allow_higher_version_source is OFF`,
        'upgrade it first, or follow a source of its series',
      ),
    ];
  }
  return [warn(text, 'replication from a newer series is not supported: upgrade replicas before their source')];
}

function isNewerSeries(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number));
  const [major = 0, minor = 0] = one ?? [];
  const [otherMajor = 0, otherMinor = 0] = other ?? [];
  return major > otherMajor || (major === otherMajor && minor > otherMinor);
}
