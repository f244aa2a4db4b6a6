// A target that gets another source and keeps its data: its plan, and its step on servers that answer as those of the
// fleet did.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReplicationChannel } from '../../../src/host/facts.ts';
import { seedDraft } from '../../../src/operations/seed/draft.ts';
import type { RemoteFailure } from '../../../src/remote/failure.ts';
import { injectSentences, needlessChecks, passedBySentences } from '../../../src/seed/methods/binlog/checks.ts';
import { injectEmpty } from '../../../src/seed/methods/binlog/inject-empty.ts';
import { notInjectable } from '../../../src/seed/methods/binlog/injection.ts';
import { reattach } from '../../../src/seed/methods/binlog/reattach.ts';
import { reattachWords, restoreWords, stopWords } from '../../../src/seed/methods/binlog/words.ts';
import { lvmSnapshot } from '../../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { planSeed } from '../../../src/seed/plan-seed.ts';
import { preflight } from '../../../src/seed/preflight/preflight.ts';
import type { AskedSources } from '../../../src/seed/preflight/replication/source-checks.ts';
import { replicaPlan } from '../../../src/seed/replica/attachment.ts';
import { type ReplicationState, readReplicationState } from '../../../src/seed/replica/source/replication-state.ts';
import type { Side } from '../../../src/seed/request.ts';
import { exited, printed, stepTools } from '../../job/step-tools.ts';
import { reattached } from '../able.ts';
import { plan } from '../replica/attaching.ts';
import { side } from '../sides.ts';

const text = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/${name}.txt`), 'utf8');
const replica = text('mysql-9.7/standing-replica');
const source = text('mysql-9.7/standing-source');
const stopped = replica.replaceAll('\tYes\tYes\t', '\tNo\tNo\t');
const withOwn = (words: string) =>
  words.replace(/^gtid_executed\t(.*)$/m, 'gtid_executed\t$1,daa5779a-e6ca-11f1-92dd-525400770013:1');
const account = `7265706C\n${Buffer.from('s3cr3t').toString('hex')}\n`;
const own = `6F6C64\n${Buffer.from('0ldw0rd').toString('hex')}\n`;

async function carriedOut(answers: Readonly<Record<string, string | RemoteFailure>>, of = plan) {
  const step = reattach.plan(of);
  const ran: string[] = [];
  const sent: Record<string, string> = {};
  const { tools, notes } = stepTools({
    commands: step.commands,
    input: step.input,
    answer: (key, options) => {
      ran.push(key);
      if (options?.stdin !== undefined) sent[key] = options.stdin;
      const answer = answers[key] ?? '';
      return typeof answer === 'string' ? printed(answer) : answer;
    },
  });
  return { end: await reattach.run({ ...tools, step }), ran, sent, notes };
}

describe('the step', () => {
  test('notes how the server replicates before it stops it, and changes it only once nothing moves', async () => {
    const done = await carriedOut({ look: replica, source, account, own });
    expect(done.end).toEqual({ ok: true });
    expect(done.ran).toEqual([
      'look',
      'own',
      'note gtid',
      'stop',
      'look',
      'source',
      'account',
      'changing',
      'change',
      'begin',
    ]);
    expect(done.sent['note gtid']).toMatch(/^host 10\.77\.0\.12$.*^receives yes$.*^user old\npassword 0ldw0rd$/ms);
    expect(done.sent.change).toBe('host 10.77.0.12\nport 3306\nuser repl\npassword s3cr3t\n');
    expect(done.notes.join('\n')).not.toContain('s3cr3t');
  });

  test('undone, it starts only the threads that ran', async () => {
    expect((await carriedOut({ look: stopped, source, account, own })).sent['note gtid']).toMatch(
      /^receives no\napplies no$/m,
    );
  });

  test('changes nothing where an errant transaction came since the plan', async () => {
    const { end, ran } = await carriedOut({ look: withOwn(replica), source, account, own });
    expect(end).toMatchObject({
      ok: false,
      message: 'db3 has 1 transaction that db2 (10.77.0.12:3306) does not have: daa5779a-e6ca-11f1-92dd-525400770013:1',
    });
    expect(ran).not.toContain('change');
  });

  test('whose own account can not be read changes nothing: it could not be put back', async () => {
    const { end, ran } = await carriedOut({ look: replica, source, account, own: exited(3, 'no account') });
    expect(end).toMatchObject({ ok: false, advice: 'without it db3 could not be made again what it is' });
    expect(ran).toEqual(['look', 'own']);
  });

  test('leaves a MariaDB alone that replicates by file and position: an undo would have it apply again what it has applied', async () => {
    const maria = readFileSync(join(import.meta.dirname, '../../fixtures/mariadb-10.11/standing-replica.txt'), 'utf8');
    const byFile = maria.replace('\tSlave_Pos\t', '\tNo\t');
    const { end, ran } = await carriedOut({ look: byFile }, { ...plan, vendor: 'mariadb', version: '10.11.19' });
    expect(end).toMatchObject({ ok: false, message: expect.stringContaining('Using_Gtid: No') });
    expect(ran).toEqual(['look']);
  });

  test('of a server that follows none has nothing to note but that', async () => {
    const none = `${replica.split('\nchannels\n')[0]}\nchannels\nanswer\nworkers\n`;
    const { end, ran } = await carriedOut({ look: none, source, account });
    expect(end).toEqual({ ok: true });
    expect(ran.slice(0, 3)).toEqual(['look', 'note none', 'stop']);
  });
});

test('a MariaDB receives until its source is changed: a start while both threads stand deletes its relay logs', () => {
  const speaker = { vendor: 'mariadb', version: '10.11.19' } as const;
  expect(stopWords(speaker)).toBe('STOP SLAVE SQL_THREAD;');
  expect(reattachWords({ ...speaker, tls: false })).toMatch(/^STOP SLAVE; CHANGE MASTER TO /);
});

describe('the words that undo it', () => {
  const speaker = { vendor: 'mysql', version: '9.7.4' } as const;

  test('say the source, account and retries of before, by GTID or by the place in its log', () => {
    const byGtid = restoreWords(speaker, 'gtid');
    expect(byGtid).toBe(
      "STOP REPLICA FOR CHANNEL ''; CHANGE REPLICATION SOURCE TO SOURCE_HOST = {host}, SOURCE_PORT = {#port}, SOURCE_SSL = {#tls}, GET_SOURCE_PUBLIC_KEY = {#key}, SOURCE_CONNECT_RETRY = {#retry}, SOURCE_RETRY_COUNT = {#times}, SOURCE_AUTO_POSITION = 1, SOURCE_USER = {user}, SOURCE_PASSWORD = {password} FOR CHANNEL ''; SET GLOBAL super_read_only = {#super};",
    );
    expect(restoreWords(speaker, 'file')).toContain(
      'SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = {file}, SOURCE_LOG_POS = {#position}',
    );
  });

  test('make it no replica where it was none', () => {
    expect(restoreWords(speaker, 'none')).toBe(
      "STOP REPLICA FOR CHANNEL ''; RESET REPLICA ALL FOR CHANNEL ''; SET GLOBAL super_read_only = {#super};",
    );
    expect(restoreWords({ vendor: 'mariadb', version: '10.11.19' }, 'none')).toBe('STOP SLAVE; RESET SLAVE ALL;');
  });
});

/** The source as a primary: the recorded one is a replica. */
function told(words: string): ReplicationState {
  const state = readReplicationState(words);
  if (!state) throw new Error('it tells nothing');
  const { channel: _, ...rest } = state;
  return { ...rest, server: { ...state.server, readOnly: false } };
}

describe('the plan', () => {
  const asked = (words: string) => reattached(words).asked as AskedSources;
  const of = reattached;
  const findings = (words: string, target?: Side) => preflight(of(words, target));

  test('touches no datadir, locks the target alone, and undoes what it changes', () => {
    const seed = of(replica);
    const checks = preflight(seed);
    expect(checks.filter(({ level }) => level === 'refuse')).toEqual([]);
    expect(checks.map(({ text }) => text)).toContain('lacks 11 transactions that db1 still has; nothing is copied');
    const planned = planSeed(seed, checks);
    if (!planned.ok) throw new Error(planned.message);
    expect(planned.plan).toMatchObject({ title: 'reattach db3 to db1 by binary logs', hosts: ['db3'], destroys: [] });
    expect(planned.plan.steps.map(({ name }) => name)).toEqual([
      'lock db3',
      'prove account db3',
      'reattach db3',
      'catch up db3',
      'keep db3',
    ]);
    const [, , changed, caught] = planned.plan.steps;
    expect(changed?.acquires).toMatchObject({ release: 'undo', whenDone: 'over' });
    expect(caught?.commands).not.toHaveProperty('log');
    expect(JSON.stringify(planned.plan)).not.toMatch(/seed-stage|RESET BINARY LOGS|gtid_purged = /);
  });

  test('names what its source leaves out, and has it agreed to: a target would get the GTIDs without the rows', () => {
    const asked = of(replica).asked as AskedSources;
    const primary = asked.sources.db1;
    if (!primary || typeof primary === 'string') throw new Error('db1 was not asked');
    const leftOut = ['binlog_ignore_db audit'];
    const sources = { db1: { ...primary, replicationState: { ...primary.replicationState, leftOut } } };
    const seed = { ...of(replica), asked: { ...asked, sources } };
    const words = 'leaves rows out (binlog_ignore_db audit)';
    expect(preflight(seed)).toContainEqual(
      expect.objectContaining({ level: 'warn', text: expect.stringContaining(words) }),
    );
    expect(passedBySentences(seed)).toEqual([
      'db3 will lack the rows that db1 leaves out (binlog_ignore_db audit), and nothing brings them later',
    ]);
    expect(needlessChecks({ ...seed, method: lvmSnapshot }, 'x')).toEqual([]);
    expect(needlessChecks({ ...of(replica), method: lvmSnapshot }, 'x')).toHaveLength(1);
  });

  test('says why its applier stopped, and is not advised in place of a copy: at the same event it would stop again', () => {
    const seed = of(replica);
    const [target] = seed.targets;
    const told = target?.report.replication;
    if (!(target && told?.ok)) throw new Error('db3 did not tell how it replicates');
    const stopped = { applierError: "Plugin 'ed25519' is not loaded", errorNumber: 1524 };
    const channels = told.value.channels.map((channel) => ({ ...channel, ...stopped }));
    const replication = { ok: true, value: { ...told.value, channels } } as const;
    const broken = { ...seed, targets: [{ ...target, report: { ...target.report, replication } }] };
    expect(preflight(broken)).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        text: "its applier stopped with 1524: Plugin 'ed25519' is not loaded; it comes to the same event again",
      }),
    );
    expect(needlessChecks({ ...broken, method: lvmSnapshot }, 'x')).toEqual([]);
  });

  test('names errant transactions, and what may be done about them', () => {
    const refused = findings(withOwn(replica)).find(({ level }) => level === 'refuse');
    expect(refused?.text).toBe('db3 has 1 transaction that db1 does not have: daa5779a-e6ca-11f1-92dd-525400770013:1');
    expect(refused?.advice).toContain('mysqlbinlog -vv');
    expect(refused?.advice).toContain('reseed seed db1 db3');
  });

  describe('with --inject-empty', () => {
    const gtid = 'daa5779a-e6ca-11f1-92dd-525400770013:1';
    const primary = told(source);
    const injecting = (words: string) => {
      const asked = {
        ...(of(words).asked as AskedSources),
        sources: { db1: { name: 'db1', replicationState: primary } },
      };
      return { ...of(words), asked, injectEmpty: true };
    };

    test('has the source hold the errant ones as empty, on a lock of its own, and says what is left of them', () => {
      const seed = injecting(withOwn(replica));
      const checks = preflight(seed);
      expect(checks.filter(({ level }) => level === 'refuse')).toEqual([]);
      expect(checks).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          text: `db3 has 1 transaction that db1 does not have: ${gtid}; they are written there as empty ones`,
        }),
      );
      expect(injectSentences(seed)).toEqual([
        `db1 gets 1 transaction without content under ${gtid}, and so do all its replicas: that can not be undone, and what they did stays on db3 alone`,
      ]);
      const planned = planSeed(seed, checks);
      if (!planned.ok) throw new Error(planned.message);
      expect(planned.plan.hosts).toEqual(['db1', 'db3']);
      expect(planned.plan.steps.map(({ name }) => name)).toEqual([
        'lock db1',
        'lock db3',
        'prove account db3',
        'inject for db3',
        'reattach db3',
        'catch up db3',
        'keep db3',
      ]);
      const inject = planned.plan.steps[3]?.commands.inject;
      expect(inject?.host).toBe('db1');
      expect(inject?.args.at(-1)).toBe(`sql=SET gtid_next = '${gtid}'; BEGIN; COMMIT; SET gtid_next = 'AUTOMATIC';`);
    });

    test('writes nothing on the source of a target that has nothing of its own', () => {
      const seed = injecting(replica);
      const planned = planSeed(seed, preflight(seed));
      if (!planned.ok) throw new Error(planned.message);
      expect(planned.plan.steps.map(({ name }) => name)).not.toContain('inject for db3');
      expect(injectSentences(seed)).toEqual([]);
    });

    test('is refused for a donor that is not the source, and for a source that replicates itself', () => {
      const seed = injecting(withOwn(replica));
      const plan = replicaPlan(seed, side('db3'));
      if (!plan) throw new Error('it can not be attached');
      const known = seed.asked?.sources.db1;
      if (!known || typeof known === 'string') throw new Error('db1 was not asked');
      expect(notInjectable({ ...seed, donor: side('db2') }, plan, known, gtid)?.advice).toContain(
        'reseed seed db1 db3 --method binlog --inject-empty',
      );
      const replicating = {
        ...known,
        replicationState: {
          ...known.replicationState,
          channel: readReplicationState(source)?.channel as ReplicationChannel,
        },
      };
      expect(notInjectable(seed, plan, replicating, gtid)?.why).toContain('db1 is a replica itself');
      expect(notInjectable(seed, plan, known, gtid.replace(':1', ':1-501'))?.why).toMatch(/more than 500/);
    });

    test('is refused for those that a server which runs has lost: it gives their numbers to others', () => {
      const seed = injecting(withOwn(replica));
      const plan = replicaPlan(seed, side('db3'));
      const known = seed.asked?.sources.db1;
      if (!plan || !known || typeof known === 'string') throw new Error('db1 was not asked');
      const { server } = known.replicationState;
      const [uuid = '', last = ''] = server.gtidExecuted.split(/:1-/);
      const ofSource = {
        ...known,
        replicationState: { ...known.replicationState, server: { ...server, serverUuid: uuid } },
      };
      const lost = `${uuid}:${Number(last) + 1}`;
      expect(notInjectable(seed, plan, ofSource, lost)?.why).toMatch(/^some were written by db1, which has lost them/);
      const has = side('db2');
      if (!has.report.server?.ok) throw new Error('it was down');
      const other = (gtidExecuted: string) => ({
        ...has,
        report: {
          ...has.report,
          server: {
            ok: true as const,
            value: { ...server, serverUuid: gtid.slice(0, gtid.indexOf(':')), gtidExecuted },
          },
        },
      });
      expect(notInjectable({ ...seed, others: [other('')] }, plan, known, gtid)?.why).toMatch(
        /^some were written by db2/,
      );
      expect(notInjectable({ ...seed, others: [other(gtid)] }, plan, known, gtid)).toBeUndefined();
    });

    const injected = async (looks: readonly string[], gtids = gtid) => {
      const seed = injecting(withOwn(replica));
      const planned = planSeed(seed, preflight(seed));
      const step = planned.ok ? planned.plan.steps.find(({ name }) => name === 'inject for db3') : undefined;
      if (!step) throw new Error('it is not planned');
      const ran: string[] = [];
      const left = [...looks];
      const { tools } = stepTools({
        commands: step.commands,
        input: { ...(step.input as object), gtids },
        answer: (key) => {
          ran.push(key);
          return printed(key === 'look' ? withOwn(replica) : key === 'source' ? (left.shift() ?? '') : '');
        },
      });
      return {
        end: await injectEmpty.run({ ...tools, step: { ...step, input: { ...(step.input as object), gtids } } }),
        ran,
      };
    };
    const holds = source.replace(/^gtid_executed\t(.*)$/m, `gtid_executed\t$1,${gtid}`);

    test('is done once the source holds them; and a runner that comes again writes nothing', async () => {
      expect(await injected([source, holds])).toEqual({
        end: { ok: true },
        ran: ['look', 'source', 'inject', 'look', 'source'],
      });
      expect(await injected([holds])).toEqual({ end: { ok: true }, ran: ['look', 'source'] });
    });

    test('that the source does not hold afterwards has failed', async () => {
      expect((await injected([source, source])).end).toMatchObject({
        ok: false,
        message: expect.stringContaining(`does not hold all of ${gtid}`),
      });
    });

    test('goes on where the source holds some of them already, as after a line that broke in the middle', async () => {
      const { end, ran } = await injected([source, holds], gtid.replace(':1', ':1-3'));
      expect(end).toEqual({ ok: true });
      expect(ran).toContain('inject');
    });

    test('writes nothing where there are others than those that were agreed to, and names them', async () => {
      const { end, ran } = await injected([source, holds], gtid.replace(':1', ':2'));
      expect(end).toMatchObject({
        ok: false,
        message: `db3 has others than those that were agreed to by now: ${gtid}`,
      });
      expect(ran).not.toContain('inject');
    });
  });

  test('is refused for a target that takes writes, with what would make it possible', () => {
    const { report, ...rest } = side('db3');
    if (!report.server?.ok) throw new Error('it was down');
    const writing = {
      ...rest,
      report: { ...report, server: { ok: true as const, value: { ...report.server.value, readOnly: false } } },
    };
    expect(findings(replica, writing)).toContainEqual({
      host: 'db3',
      level: 'refuse',
      text: 'db3 takes writes (read_only is off)',
      advice: 'once no client writes there: SET GLOBAL read_only = ON on db3, and plan again',
    });
  });

  test('of a seed by a copy says that copying is not needed, and how much of it would be saved', () => {
    const author = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
    const terms = { keepSnapshot: false, compression: 'auto', clear: false } as const;
    const named = { name: 'db1', host: 'db1', transport: 'auto', sudo: false } as const;
    const known = ['db1', 'db2', 'db3', 'db6'].map((name) => ({ ...side(name), target: named }));
    const drafted = (words: string) =>
      seedDraft(
        { donor: side('db2'), targets: [side('db3')], method: lvmSnapshot, terms, known, asked: asked(words) },
        author,
      ).checks ?? [];
    const needless = (words: string) => drafted(words).find(({ text }) => text.startsWith('copying is not needed'));
    expect(needless(replica)).toMatchObject({ level: 'warn', advice: 'use --method binlog' });
    expect(needless(replica)?.text).toMatch(
      /^copying is not needed: lacks 11 transactions that db1 still has \(saves \? min of copying \S+: at which rate is unknown\)$/,
    );
    expect(needless(withOwn(replica))).toBeUndefined();
  });
});
