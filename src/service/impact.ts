// What the stop of a server would break. It is shown before the stop, and the operator has to type the host's name.
import { type NameOf, namedServer } from '../fleet/topology/role-words.ts';
import type { HostReport } from '../host/facts.ts';
import { whySilent } from '../host/log/stop-reason.ts';
import { applierTempTables } from '../host/server/temp-tables.ts';

/** Sentences; empty: nothing depends on it. An unknown fact is a sentence too, because it may hide a dependency. */
export function impactOfStop(name: string, report: HostReport, nameOf: NameOf = () => undefined): string[] {
  const { server, replication } = report;
  const sentences: string[] = [];
  if (!replication?.ok) {
    sentences.push(`replicas of ${name}: unknown (${whySilent(report)})`);
  } else {
    const { replicas, channels, replicasUnknown } = replication.value;
    if (replicasUnknown !== undefined) sentences.push(`replicas of ${name}: not all known (${replicasUnknown})`);
    if (replicas.length > 0) {
      const names = replicas.map((replica) => namedServer(nameOf, replica)).join(', ');
      sentences.push(`${replicas.length === 1 ? 'a replica loses its' : 'replicas lose their'} source: ${names}`);
    }
    if (channels.length === 0 && server?.ok && !server.value.readOnly) {
      sentences.push(`${name} takes writes: it replicates from no host and is not read-only`);
    }
  }
  sentences.push(...schedulerImpact(name, report));
  const open = applierTempTables(report);
  if (open === 'unknown')
    sentences.push(`open temporary tables of the applier of ${name}: unknown (a stop drops them)`);
  else if (open !== undefined) {
    sentences.push(
      `the applier of ${name} has ${open}: a stop drops them, and later statements of its source that use them fail or change another table`,
    );
  }
  return sentences;
}

/** An operator, or a seed from a donor with events, switched it off: no option file does that. */
function schedulerImpact(name: string, { server }: HostReport): string[] {
  const off = server?.ok ? server.value.schedulerOff : undefined;
  if (!server?.ok || off === undefined) return [];
  const how = off === 'by hand' ? 'by hand since its start' : 'by the command line of its start, as a seed does';
  const again =
    server.value.vendor === 'mariadb'
      ? 'where its option files say so'
      : 'unless its option files or its unit switch it off';
  return [
    `the event scheduler of ${name} was switched off ${how}: after a restart it is on ${again}, and its enabled events run (on a replica: writes that its source does not have, and replication breaks)`,
  ];
}
