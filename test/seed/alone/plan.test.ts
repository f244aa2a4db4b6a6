// Plans of seeds whose targets end as servers of their own, or as a set of their own. Hosts are as recorded.
import { describe, expect, test } from 'vitest';
import type { LogicalVolume } from '../../../src/host/facts.ts';
import type { Plan, PlannedStep } from '../../../src/job/plan/plan.ts';
import { aloneSentences } from '../../../src/seed/alone/checks.ts';
import { byClone } from '../../../src/seed/methods/clone/clone.ts';
import { coldCopy } from '../../../src/seed/methods/cold-copy/cold-copy.ts';
import { planSeed } from '../../../src/seed/plan-seed.ts';
import type { Finding } from '../../../src/seed/preflight/finding.ts';
import { preflight } from '../../../src/seed/preflight/preflight.ts';
import { attachmentOf } from '../../../src/seed/replica/attachment.ts';
import { originOf } from '../../../src/seed/replica/source/origin.ts';
import type { ReplicationState } from '../../../src/seed/replica/source/replication-state.ts';
import type { SeedRequest, Side } from '../../../src/seed/request.ts';
import { factsOf, request, side, stopped } from '../sides.ts';

function planOf(asked: SeedRequest): Plan {
  const planned = planSeed(asked, preflight(asked));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}
const names = ({ steps }: Plan) => steps.map(({ name }) => name);
const stepOf = ({ steps }: Plan, name: string): PlannedStep => {
  const found = steps.find((step) => step.name === name);
  if (!found) throw new Error(`no step ${name}`);
  return found;
};
const sqlOf = (step: PlannedStep, key: string) => step.commands[key]?.args.find((word) => word.startsWith('sql='));
const told = (findings: readonly Finding[], host: string) =>
  findings.filter((one) => one.host === host).map(({ level, text }) => `${level} ${text}`);

const nextStart = (values: Readonly<Record<string, string>>) => ({ nextStart: { unknown: [], changed: [], values } });
const readOnlyFiles = nextStart({ read_only: 'ON', super_read_only: 'ON', event_scheduler: 'ON' });

/** A snapshot of another program. */
const volume: LogicalVolume = {
  group: 'vg0',
  volume: 'sunday',
  uuid: 'u1',
  kind: 'snapshot',
  origin: 'mysql',
  sizeBytes: 1e9,
  valid: true,
  tags: [],
} as unknown as LogicalVolume;

const alone = (target: Side, more: Partial<SeedRequest> = {}) =>
  request(side('db2'), [target], { ends: 'standalone', ...more });

describe('a seed that ends standalone', () => {
  test('asks for no account, no source and no logs, and starts no replication', () => {
    const plan = planOf(alone(side('db6')));
    const order = names(plan);
    for (const name of ['prove account db6', 'check source db6', 'attach db6', 'catch up db6']) {
      expect(order).not.toContain(name);
    }
    const last = ['prove data db6', 'read data db6', 'detach db6', 'restart db6', 'prove alone db6', 'drop db6'];
    expect(order.slice(-last.length)).toEqual(last);
    expect(JSON.stringify(plan)).not.toMatch(/CHANGE (REPLICATION SOURCE|MASTER)|PASSWORD/);
  });

  test('removes every channel that came with the data, and its logs; the GTIDs of the data stay', () => {
    const detach = stepOf(planOf(alone(side('db6'))), 'detach db6');
    expect(sqlOf(detach, 'detach')).toMatch(
      /STOP REPLICA; RESET REPLICA ALL; .*RESET BINARY LOGS AND GTIDS; SET GLOBAL gtid_purged = \{gtid\};/,
    );
    expect(sqlOf(detach, 'detachWithoutGtid')).not.toContain('gtid_purged');
  });

  test('is not refused for what matters to a replica: lag, purged logs, an account, a source that is down', () => {
    const { replication } = side('db2').report;
    if (!replication?.ok) throw new Error('nothing recorded');
    const late = replication.value.channels.map((channel) => ({
      ...channel,
      lagSeconds: 90_000,
      sqlThread: 'stopped' as const,
    }));
    const donor = side('db2', {}, { replication: { ok: true, value: { ...replication.value, channels: late } } });
    const asReplica = preflight(request(donor, [side('db6')]));
    expect(asReplica.some(({ level, text }) => level === 'refuse' && text.includes('stands still'))).toBe(true);
    const findings = preflight(request(donor, [side('db6')], { ends: 'standalone' }));
    expect(findings.filter(({ level }) => level === 'refuse')).toEqual([]);
    expect(told(findings, 'db6')).toContainEqual('pass will replicate from no host, and be read-only');
  });

  test('is still refused where its server_id is that of another server', () => {
    const twin = side('db6', { variables: { ...factsOf('db6').variables, server_id: '11' } });
    const findings = preflight(alone(twin));
    expect(findings.some(({ level, text }) => level === 'refuse' && text.includes("server_id 11 is db1's too"))).toBe(
      true,
    );
  });

  test('tells what the option files make of read_only, and SET PERSIST keeps what was asked for', () => {
    const target = side('db6', readOnlyFiles);
    const asked = alone(target, { writable: true });
    expect(told(preflight(asked), 'db6')).toContainEqual(
      'warn its option files have read_only = ON, super_read_only = ON: SET PERSIST makes it take writes at each start all the same',
    );
    const detach = stepOf(planOf(asked), 'detach db6');
    expect(sqlOf(detach, 'persist')).toContain(
      'SET PERSIST_ONLY read_only = OFF; SET PERSIST_ONLY super_read_only = OFF;',
    );
    const plain = alone(target);
    expect(told(preflight(plain), 'db6')).toContainEqual(
      'pass it will be read-only, also after a restart: its option files say so',
    );
  });

  test('runs no event of production unless that is asked for, and names them', () => {
    const events = { count: 2, first: [{ schema: 'shop', name: 'purge', definer: 'app@%' }] };
    const donor = side('db2', { events });
    const target = side('db6', readOnlyFiles);
    const off = request(donor, [target], { ends: 'standalone' });
    expect(told(preflight(off), 'db6')).toContainEqual(
      'warn 2 enabled events of db2 (shop.purge, …) come with the data: none runs on db6, where SET PERSIST makes event_scheduler OFF',
    );
    const plan = planOf(off);
    expect(sqlOf(stepOf(plan, 'detach db6'), 'persist')).toContain('SET PERSIST_ONLY event_scheduler = OFF;');
    // SET PERSIST refuses any value where the scheduler is DISABLED.
    expect(stepOf(plan, 'hold back db6').commands.run?.args).toContain('option=--event-scheduler=OFF');
    const on = request(donor, [target], { ends: 'standalone', events: true });
    expect(aloneSentences(on)).toContainEqual('the enabled events of db2 will run on db6');
    expect(sqlOf(stepOf(planOf(on), 'detach db6'), 'persist') ?? '').not.toContain('event_scheduler');
    // While it is proved they do not run either.
    expect(stepOf(planOf(on), 'hold back db6').commands.run?.args).toContain('option=--event-scheduler=OFF');
  });

  test('takes no events for none because production has none today: an old snapshot may have some', () => {
    const donor = side('db2', { events: { count: 0, first: [] } });
    const { lvm } = donor.report;
    const snapshot = lvm?.ok ? lvm.value.volumes.find(({ kind }) => kind === 'snapshot') : undefined;
    const target = side('db6', readOnlyFiles);
    const old = { ...(snapshot ?? volume), valid: true };
    const hold = (more: Partial<SeedRequest>) =>
      attachmentOf(request(donor, [target], { ends: 'standalone', ...more }), target);
    expect(hold({})).not.toHaveProperty('plan.eventsOff');
    expect(hold({ snapshot: old })).toMatchObject({ plan: { eventsOff: true } });
    expect(told(preflight(request(donor, [target], { ends: 'standalone', snapshot: old })), 'db6')).toContainEqual(
      'warn events that are enabled on db2 come with the data (whether it has some is not known: the snapshot does not tell): none runs on db6, where SET PERSIST makes event_scheduler OFF',
    );
  });

  test('says that a commit waits where semi-synchronous replication is on, and no replica is there', () => {
    const { variables } = factsOf('db6');
    const target = side('db6', { variables: { ...variables, rpl_semi_sync_source_enabled: 'ON' } });
    expect(told(preflight(alone(target)), 'db6')).toContainEqual(
      'warn rpl_semi_sync_source_enabled is ON: while no replica acknowledges, a commit there waits for its timeout (10 s by default)',
    );
  });

  test('gives a target up that takes writes, if no client is logged in there', () => {
    const { server, replication } = side('db3').report;
    if (!server?.ok || !replication?.ok) throw new Error('nothing recorded');
    const writable = (writers: readonly string[]) =>
      side(
        'db3',
        { writers },
        {
          server: {
            ok: true,
            value: { ...server.value, readOnly: false, superReadOnly: false, longestStatementSeconds: 0 },
          },
          replication: { ok: true, value: { ...replication.value, channels: [] } },
        },
      );
    const refusals = (target: Side, more: Partial<SeedRequest>) =>
      preflight(request(side('db2'), [target], more))
        .filter(({ level }) => level === 'refuse')
        .map(({ text }) => text);
    expect(refusals(writable([]), {})).toContainEqual('db3 takes writes');
    expect(refusals(writable([]), { ends: 'standalone' })).toEqual([]);
    expect(refusals(writable(['app@10.0.0.7']), { ends: 'standalone' })).toEqual(['db3 takes writes: app@10.0.0.7']);
    expect(aloneSentences(alone(writable([])))).toEqual(['db3 takes writes: what was written there goes']);
  });

  test('is refused where a replica of its, that is away for a moment, would go on with another server', () => {
    const away = side('db6');
    const { replication } = side('db2').report;
    const [channel] = replication?.ok ? replication.value.channels : [];
    if (!replication?.ok || !channel) throw new Error('nothing recorded');
    const { sourceUuid: _, ...rest } = channel;
    const named = { ...rest, sourceHost: side('db3').host.ssh.host, ioThread: 'stopped' as const };
    const others = [
      {
        host: away.host,
        report: { ...away.report, replication: { ok: true, value: { ...replication.value, channels: [named] } } },
      },
    ] as const;
    const refused = (more: Partial<SeedRequest>) =>
      told(preflight(request(side('db2'), [side('db3')], { others, ...more })), 'db3').filter((text) =>
        text.startsWith('refuse'),
      );
    expect(refused({ ends: 'standalone' })).toContainEqual(
      'refuse db6 replicates from db3, or did when it was stopped: what db3 is made is not its source any more, and it would go on there all the same',
    );
  });

  test('that counts neither GTIDs nor logs is not said to be kept where rows are written', () => {
    const { server, replication } = side('db3').report;
    if (!server?.ok || !replication?.ok) throw new Error('nothing recorded');
    const value = { ...server.value, readOnly: false, superReadOnly: false, longestStatementSeconds: 0, gtid: false };
    const target = side(
      'db3',
      { writers: [] },
      { server: { ok: true, value }, replication: { ok: true, value: { ...replication.value, channels: [] } } },
    );
    const said = (logged?: { file: string; position: number }) => {
      const state = {
        server: value,
        further: [],
        binlogGtid: '',
        ...(logged && { logged }),
      } as unknown as ReplicationState;
      const asked = { sources: {}, replicas: {}, targets: { db3: state } };
      return told(preflight(request(side('db2'), [target], { ends: 'standalone', asked })), 'db3').join();
    };
    expect(said()).toContain('rows that are written before go unseen: it has neither GTIDs nor a binary log');
    expect(said({ file: 'binlog.000004', position: 157 })).toContain('If rows are written, or a client logs in,');
  });

  test('comes from files of a stopped donor without GTID as well: where its data stands does not matter', () => {
    const plain = stopped();
    const donor = { ...plain, facts: { ...plain.facts, variables: { ...plain.facts.variables, gtid_mode: 'OFF' } } };
    const wanted = (more: Partial<SeedRequest>) =>
      preflight(request(donor, [side('db6')], { method: coldCopy, ...more })).filter(({ level }) => level === 'refuse');
    expect(wanted({}).some(({ text }) => text.includes('without GTID'))).toBe(true);
    expect(wanted({ ends: 'standalone' })).toEqual([]);
  });
});

describe('a seed that ends as a set', () => {
  const asked = (more: Partial<SeedRequest> = {}) =>
    request(side('db2'), [side('db6'), side('db3')], { ends: 'set', writable: true, ...more });

  test('makes the first its primary, and proves it, before a server of the others is stopped', () => {
    const order = names(planOf(asked()));
    expect(order).not.toContain('attach db6');
    expect(order.indexOf('prove alone db6')).toBeLessThan(order.indexOf('await primary db3'));
    const last = ['await primary db3', 'prove account db3', 'check source db3', 'hold db3', 'note db3', 'stop db3'];
    const at = order.indexOf('await primary db3');
    expect(order.slice(at, at + last.length)).toEqual(last);
    expect(order.slice(-3)).toEqual(['attach db3', 'catch up db3', 'drop db3']);
  });

  test('has every member test the way to its primary before anything is made on a host, for all members together', () => {
    const plan = planOf(asked());
    const step = stepOf(plan, 'prove reach db3');
    expect(step.lane).toBeUndefined();
    expect(plan.steps.slice(0, plan.steps.indexOf(step)).every(({ work }) => work === 'lock')).toBe(true);
    expect(names(plan)).not.toContain('prove reach db6');
    expect(step.commands.reach?.args).toEqual(['reach', 'host=10.77.0.16', 'port=3306']);
  });

  test('lets the others replicate from it, with an account that comes with the data, from where its own data stands', () => {
    const findings = preflight(asked());
    expect(told(findings, 'db3')).toContainEqual(
      'pass will replicate from db6, by GTID, as the account of db2, which has to be in the data',
    );
    const attach = stepOf(planOf(asked()), 'attach db3');
    expect(attach.input).toMatchObject({
      source: { name: 'db6 (10.77.0.16:3306)' },
      coordinatesOf: 'detach-server',
      position: 'gtid',
    });
    // Its data is compared with the snapshot's, as that of its primary is.
    expect(stepOf(planOf(asked()), 'prove data db3').input).toMatchObject({ coordinatesOf: 'take-snapshot' });
  });

  test('is refused by CLONE, which copies to one target after the other: its members would have other rows', () => {
    const donor = side('db1');
    const findings = preflight(request(donor, [side('db6'), side('db3')], { ends: 'set', method: byClone }));
    expect(told(findings, 'db6')).toContainEqual(
      'refuse clone gives one target after the other the data that the donor has by then: db3 would have other rows than db6',
    );
  });

  test('is refused with one target', () => {
    expect(told(preflight(alone(side('db6'), { ends: 'set' })), 'db6')).toContainEqual(
      'refuse a set needs a further target: db6 would be its primary, and have no replica',
    );
  });

  test('tells that a member leaves its source, unless that is the primary of the set', () => {
    expect(told(preflight(asked()), 'db3')).toContainEqual('warn it replicates from db1 now, and will not any more');
    expect(aloneSentences(asked())).toContainEqual('db3 will not replicate from db1 any more');
    const ofSet = { ...asked(), targets: [side('db1'), side('db3')] };
    expect(aloneSentences(ofSet).join()).not.toContain('db3 will not');
  });

  test('runs no event of production on any of its servers, also after their restarts', () => {
    const events = { count: 1, first: [{ schema: 'shop', name: 'purge', definer: 'app@%' }] };
    const produced = { ...asked(), donor: side('db2', { events }) };
    expect(told(preflight(produced), 'db3')).toContainEqual(
      'pass enabled events come with the data: SET PERSIST keeps its event scheduler off, and none runs',
    );
    const plan = planOf(produced);
    expect(stepOf(plan, 'attach db3').commands.keepEventsOff?.args).toContain(
      'sql=SET PERSIST_ONLY event_scheduler = OFF;',
    );
    expect(stepOf(plan, 'hold back db3').commands.run?.args).toContain('option=--event-scheduler=OFF');
    // A replica of the donor's side has them disabled by hand, or not: as before.
    const replica = planOf(request(produced.donor, [side('db3')]));
    expect(stepOf(replica, 'attach db3').commands.keepEventsOff).toBeUndefined();
    expect(stepOf(replica, 'hold back db3').commands.run?.args).toContain('option=--event-scheduler=DISABLED');
  });

  test('without GTIDs replicates by file and position, from the beginning of the log that its primary starts', () => {
    const without = (name: string) => {
      const { server } = side('db3').report;
      if (!server?.ok) throw new Error('nothing recorded');
      const { variables } = factsOf(name);
      const report = { server: { ok: true, value: { ...server.value, gtid: false } } } as const;
      return side(name, { variables: { ...variables, gtid_mode: 'OFF' } }, name === 'db6' ? {} : report);
    };
    const plain = asked({ targets: [without('db6'), without('db3')] });
    expect(told(preflight(plain), 'db3')).toContainEqual(
      'pass will replicate from db6, by file and position, as the account of db2, which has to be in the data',
    );
    const attach = stepOf(planOf(plain), 'attach db3');
    expect(sqlOf(attach, 'change')).toContain('SOURCE_LOG_FILE = {file}, SOURCE_LOG_POS = {#position}');
    expect(sqlOf(attach, 'change')).not.toContain('gtid_purged');
    const stands = { lockedMs: 0, gtid: '', logFile: 'binlog.000001', logPosition: 4 };
    expect(originOf(stands, 'file', 'donor')).toEqual({ by: 'file', file: 'binlog.000001', position: 4 });
    const mixed = preflight(asked({ targets: [without('db6'), side('db3')] }));
    expect(told(mixed, 'db3')).toContainEqual('refuse db3 has GTIDs, and db6 has none (gtid_mode)');
  });

  test('is refused by name without such an account', () => {
    const donor = side('db1');
    const { replication } = side('db1').report;
    const other = side('db3', {}, { ...(replication && { replication }) });
    const lonely = { ends: 'set', others: [] } as const;
    const findings = preflight(request(donor, [side('db6'), other], lonely)).filter(({ level }) => level === 'refuse');
    expect(findings.map(({ host, text }) => `${host} ${text}`)).toContainEqual(
      'db3 no account is known that comes with the data of db1 and may replicate',
    );
  });

  test('has a primary with replicas only where these are in the set', () => {
    const { replication } = side('db1').report;
    if (!replication?.ok) throw new Error('nothing recorded');
    const followed = (uuid: string) =>
      side(
        'db6',
        {},
        {
          ...side('db3').report,
          replication: { ok: true, value: { ...replication.value, replicas: [{ host: '10.77.0.13', uuid }] } },
        },
      );
    const { server } = side('db3').report;
    const uuid = server?.ok ? (server.value.serverUuid ?? '') : '';
    const sources = (target: Side, targets: readonly Side[]) =>
      preflight(request(side('db2'), [target, ...targets], { ends: 'set' })).filter(({ text }) =>
        text.includes('is the source of'),
      );
    expect(sources(followed(uuid), [side('db3')])).toEqual([]);
    expect(sources(followed('another'), [side('db3')])).toMatchObject([
      { level: 'refuse', advice: 'point them to another source first, or name them in the same set (--as-set)' },
    ]);
  });
});
