// What stopping a server would break: said before it is stopped, and answered with the host's name typed.
import type { HostReport } from '../host/facts.ts';

/** Sentences; none: nobody would miss it. What is not known is said as well: it is no reason for comfort. */
export function impactOfStop(name: string, { server, replication }: HostReport): string[] {
  const sentences: string[] = [];
  if (!replication?.ok) {
    sentences.push(`whether anybody replicates from ${name} is not known`);
  } else {
    const { replicas, channels } = replication.value;
    if (replicas.length > 0) {
      const names = replicas.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`)).join(', ');
      sentences.push(`${replicas.length === 1 ? 'a replica loses its' : 'replicas lose their'} source: ${names}`);
    }
    if (channels.length === 0 && server?.ok && !server.value.readOnly) {
      sentences.push(`${name} takes writes: it replicates from nobody and is not read-only`);
    }
  }
  return sentences;
}
