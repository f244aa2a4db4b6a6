// Replicas of a target that are not connected to it when it is seeded. Hosts are as recorded.
import { describe, expect, test } from 'vitest';
import type { ReplicationChannel } from '../../src/host/facts.ts';
import { awaySentences } from '../../src/seed/preflight/away-checks.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { OtherHost, Side } from '../../src/seed/request.ts';
import { request, side, stopped } from './sides.ts';

/** db6, whose channel names that target, and is not connected. */
function replicaOf(target: Side, more: Partial<ReplicationChannel> = {}): OtherHost {
  const { host, report } = side('db6');
  const { replication } = side('db2').report;
  const [channel] = replication?.ok ? replication.value.channels : [];
  if (!replication?.ok || !channel) throw new Error('nothing recorded');
  const { sourceUuid: _, ...rest } = channel;
  const named = { ...rest, sourceHost: target.host.ssh.host, ioThread: 'stopped' as const, ...more };
  return { host, report: { ...report, replication: { ok: true, value: { ...replication.value, channels: [named] } } } };
}

const told = (target: Side, other: OtherHost) =>
  preflight(request(side('db1'), [target], { others: [other] }))
    .filter(({ host }) => host === target.host.name)
    .map(({ level, text, advice }) => `${level} ${text}; ${advice}`)
    .join('\n');

describe('a replica of the target that is stopped, or away for a moment, when the target is seeded', () => {
  const lacks =
    'warn db6 replicates from db2, or did when it was stopped: db2 begins its logs anew, and what db6 lacks by then is in none of them';

  test('is named in the plan and above the prompt: it may not be able to go on', () => {
    const [target, other] = [side('db2'), replicaOf(side('db2'))];
    expect(told(target, other)).toContain(lacks);
    expect(told(target, other)).not.toContain('db2 is the source of');
    expect(awaySentences(request(side('db1'), [target], { others: [other] }))).toEqual([
      'db6 replicates from db2, and may not be able to go on there',
    ]);
  });

  test('is named where the server of the target is down too, by the uuid in its auto.cnf as well', () => {
    expect(told(stopped(), replicaOf(stopped()))).toContain(lacks);
    const { server_uuid: sourceUuid } = stopped().facts.variables;
    if (!sourceUuid) throw new Error('no uuid recorded');
    expect(told(stopped(), replicaOf(stopped(), { sourceHost: 'elsewhere', sourceUuid }))).toContain(lacks);
  });

  test('refuses the seed where it goes by file and position: it would read a new log at an old place', () => {
    expect(told(side('db2'), replicaOf(side('db2'), { autoPosition: false }))).toContain(
      'refuse db6 replicates from db2 by file and position, or did when it was stopped: db2 begins its logs anew, and db6 would go on there at an old place; RESET REPLICA ALL there if it never will again',
    );
  });

  test('is not known where its server is down', () => {
    const { host, report } = replicaOf(side('db2'));
    const down = { ok: false, why: 'it is down' } as const;
    expect(told(side('db2'), { host, report: { ...report, server: down, replication: down } })).toContain(
      'unknown whether db6 replicates from db2 is unknown: its server does not answer',
    );
  });

  test('is none where it is a healthy replica in another site, whose source has the same name and another uuid', () => {
    const elsewhere = (cluster: string | undefined, more: Partial<ReplicationChannel>): OtherHost => {
      const { host, report } = replicaOf(side('db2'), { sourceHost: 'db2.us.corp', autoPosition: false, ...more });
      const { cluster: _, ...rest } = host;
      return { host: cluster === undefined ? rest : { ...rest, cluster }, report };
    };
    const running = { ioThread: 'running' as const, sourceUuid: 'of-another' };
    expect(told(side('db2'), elsewhere('us', { sourceUuid: 'of-another' }))).not.toContain('db6 replicates from');
    expect(told(side('db2'), elsewhere('us', {}))).not.toContain('db6 replicates from');
    expect(told(side('db2'), elsewhere(side('db2').host.cluster, running))).not.toContain('db6 replicates from');
    const byId = { ioThread: 'running' as const, sourceServerId: 4711 };
    expect(told(side('db2'), elsewhere(side('db2').host.cluster, byId))).not.toContain('db6 replicates from');
    expect(told(side('db2'), elsewhere(side('db2').host.cluster, {}))).toContain('refuse db6 replicates from db2');
  });

  test('is named from another cluster too where it has the address or the uuid of the target', () => {
    const { host, report } = replicaOf(side('db2'));
    expect(told(side('db2'), { host: { ...host, cluster: 'reporting' }, report })).toContain(lacks);
  });

  test('is none where both have a domain, and another one', () => {
    const { host, ...rest } = side('db2');
    const target = { ...rest, host: { ...host, name: 'db9.eu.corp', ssh: { ...host.ssh, host: 'db9.eu.corp' } } };
    expect(told(target, replicaOf(target, { sourceHost: 'db9.us.corp' }))).not.toContain('db6 replicates from');
    expect(told(target, replicaOf(target, { sourceHost: 'db9' }))).toContain('warn db6 replicates from db9.eu.corp');
  });

  test('is no matter of a seed of another host', () => {
    expect(told(side('db3'), replicaOf(side('db2')))).not.toContain('db6');
  });
});
