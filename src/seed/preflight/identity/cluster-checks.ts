// Refuses members of a cluster that keeps its data equal by itself: a seed would make a member differ from the others.

import type { Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

export function clusterChecks(side: Side): Finding[] {
  const { facts, host } = side;
  const { refuse, warn } = judging(side);
  const { variables, plugins } = facts;
  const isSet = (name: string) => (variables[name] ?? '') !== '';
  const isOn = (name: string) => /^(ON|1)$/i.test(variables[name] ?? '');
  const findings: Finding[] = [];
  if (plugins.includes('group_replication') || isSet('group_replication_group_name')) {
    findings.push(
      refuse(
        `${host.name} is set up for Group Replication (InnoDB Cluster): its group decides what data it has`,
        'let the group rebuild it (its distributed recovery, or cluster.addInstance with clone); or take it out of the group first: STOP GROUP_REPLICATION, group_replication_* out of its options',
      ),
    );
  }
  if (isOn('wsrep_on')) {
    findings.push(
      refuse(
        `${host.name} is a node of a Galera cluster (wsrep_on): its cluster decides what data it has`,
        'let the cluster rebuild it by SST; or take it out of the cluster first: wsrep_on = OFF',
      ),
    );
  }
  if (plugins.includes('ndbcluster') || isOn('ndbcluster')) {
    findings.push(
      refuse(
        `${host.name} is a SQL node of an NDB Cluster: its tables lie on data nodes, and not in its datadir`,
        "restore it by NDB's own backup",
      ),
    );
  }
  const semi = Object.keys(variables).filter((name) => name.startsWith('rpl_semi_sync_') && isOn(name));
  if (semi.length > 0) {
    findings.push(
      warn(
        `semi-synchronous replication is on (${semi.join(', ')})`,
        'while this host is away a source may wait for an acknowledgement',
      ),
    );
  }
  return findings;
}
