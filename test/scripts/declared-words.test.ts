// The words that a plan gives a script, against those that the script declares: otherwise a difference would be found
// on a host, in the middle of a job.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { awaitCommand } from '../../src/custom/await-command.ts';
import { startCommand } from '../../src/custom/start-command.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { commandsOf, type PlannedCommand } from '../../src/job/plan/plan.ts';
import { planProof } from '../../src/proofs/plan.ts';
import { planRows } from '../../src/proofs/rows/plan.ts';
import { planSalvage } from '../../src/salvage/plan.ts';
import { readScript, type ScriptName } from '../../src/scripts/script.ts';
import { reattachSteps } from '../../src/seed/methods/binlog/plan.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { olderPlan } from '../../src/seed/older-plans.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { makeRoom } from '../../src/snapshot/make-room.ts';
import { jobStoreForEach } from '../job/job-store.ts';
import { proofOf } from '../proofs/proving.ts';
import { salvageJob, tailFrom, tailText } from '../salvage/salvaging.ts';
import { plan } from '../seed/replica/attaching.ts';
import { request, side, stopped } from '../seed/sides.ts';
import { planOf as tablesPlan } from '../tables/tabling.ts';

type Said = Pick<PlannedCommand, 'script' | 'args'>;

/** Its own text declares words, not only the fragments before it. */
const declares = (script: ScriptName) =>
  /\bdeclare_words /.test(readScript(script).split('\n#!/bin/sh\n').at(-1) ?? '');

/** Its text, changed so that it ends after its words were accepted. */
const untilDeclared = (script: ScriptName): string =>
  readScript(script).replace(/\n(declare_words\(\) \{\n[\s\S]*?\n)\}\n/, '\n$1  exit 0\n}\n');

/** A script's complaint about its words; empty: it accepts them. */
async function refused({ script, args }: Said): Promise<string> {
  const run = ['-c', untilDeclared(script), `${script}.sh`, ...args];
  const { exitCode, all } = await execa('sh', run, { all: true, reject: false, input: '' });
  return exitCode === 0 ? all : `${exitCode}: ${all}`;
}

/** Each verb of each script once, with the words that it gets. */
function saidIn(commands: readonly PlannedCommand[]): Said[] {
  const all = commands.flatMap(({ script, args, program }): Said[] => [
    { script, args },
    ...(program ? [program] : []),
  ]);
  const byWords = all.map(
    (said) => [[said.script, ...said.args.map((word) => word.split('=')[0])].join(' '), said] as const,
  );
  return [...new Map(byWords).values()].filter(({ script }) => declares(script));
}

async function expectKnown(commands: readonly PlannedCommand[]) {
  const said = saidIn(commands);
  for (const one of said)
    expect(`${one.script} ${one.args[0]}: ${await refused(one)}`).toBe(`${one.script} ${one.args[0]}: `);
  return new Set(said.map(({ script }) => script));
}

describe('every script is told the words that it declares', () => {
  const planOf = (asked: SeedRequest) => {
    const planned = planSeed(asked, preflight(asked));
    if (!planned.ok) throw new Error(planned.message);
    return planned.plan.steps.flatMap(commandsOf);
  };

  test('in a reattachment', async () => {
    const said = reattachSteps(plan).flatMap(commandsOf);
    expect(await expectKnown(said)).toEqual(new Set(['seed-account', 'seed-sql', 'seed-reattach']));
  });

  test('in a seed of a snapshot, for two targets', async () => {
    const scripts = await expectKnown(planOf(request(side('db2'), [side('db3'), side('db6')])));
    for (const one of [
      'seed-stage',
      'seed-before',
      'seed-start',
      'seed-sql',
      'seed-account',
      'seed-proof',
      'snapshot',
      'host-lock',
      'service',
      'unit',
      'seed-list',
      'seed-send',
      'seed-receive',
      'seed-sums',
      'seed-ssh',
      'seed-way',
    ] as const)
      expect(scripts).toContain(one);
  });

  test('in a command of the inventory', async () => {
    const custom = { host: 'db3', job: 'cafe', name: 'pin', line: undefined, words: ['/opt/pin', 'a=b'], seconds: 9 };
    const said = [startCommand.plan(custom), awaitCommand.plan(custom)].flatMap(commandsOf);
    expect(await expectKnown(said)).toEqual(new Set(['unit', 'custom']));
  });

  test('in a salvage', async () => {
    const said = planSalvage(salvageJob(tailFrom(tailText('mysql-9.7')))).steps.flatMap(commandsOf);
    const scripts = await expectKnown(said);
    for (const one of ['salvage-read', 'salvage-take', 'salvage-look', 'salvage-open', 'salvage-apply'])
      expect(scripts).toContain(one);
  });

  test('in a job for named tables', async () => {
    const scripts = await expectKnown(tablesPlan().steps.flatMap(commandsOf));
    for (const one of ['seed-stage', 'seed-dump', 'seed-load', 'tables'] as const) expect(scripts).toContain(one);
  });

  test('in a proof of restore', async () => {
    const proved = planProof(proofOf('db2'));
    if (!proved.ok) throw new Error(proved.message);
    const scripts = await expectKnown(proved.plan.steps.flatMap(commandsOf));
    for (const one of ['snapshot', 'take-snapshot', 'unit', 'proof'] as const) expect(scripts).toContain(one);
  });

  test('in a proof of rows', async () => {
    const of = (name: string) => ({ host: side(name).host, speaker: { vendor: 'mysql', version: '9.7.4' } as const });
    const plan = planRows({ source: of('db2'), replica: of('db3') }, { maxLagSeconds: 10, maxLoad: 25 });
    expect(await expectKnown(plan.steps.flatMap(commandsOf))).toEqual(new Set(['rows', 'seed-sql']));
  });

  test('in a prune that makes room in a thin pool', async () => {
    const { host } = side('db4');
    const candidates = [{ group: 'vgcrm', volume: 'one', uuid: 'u1', origin: 'data' }];
    const wanted = { freeBytes: 1, metadataPercent: 80 };
    const space = { group: 'vgcrm', pool: 'pool' };
    const step = makeRoom.plan({ host, space, wanted, why: 'full', candidates });
    const scripts = await expectKnown(commandsOf(step));
    for (const one of ['snapshot', 'volume-space'] as const) expect(scripts).toContain(one);
  });

  test('in a seed of a stopped donor', async () => {
    expect(await expectKnown(planOf(request(stopped(), [side('db6')], { method: coldCopy })))).toContain('seed-still');
  });
});

describe('a job of the reseed that kept no scripts with its plans', () => {
  const store = jobStoreForEach();

  test('takes away what it made by words that the scripts of this build know', async () => {
    const path = join(store().folder, 'before.sqlite');
    await cp(new URL('../fixtures/journal/before-frozen.sqlite', import.meta.url), path);
    const journal = openJournal(path, Date.now, { older: olderPlan });
    const [job] = journal?.jobs(1) ?? [];
    if (!job) throw new Error('no job');
    journal?.close();
    const releases = job.plan.steps.flatMap(({ acquires, commands }) => {
      const release = acquires && commands[acquires.release];
      return release ? [release] : [];
    });
    const scripts = await expectKnown(releases);
    for (const one of ['seed-stage', 'seed-before', 'seed-start', 'snapshot', 'host-lock', 'unit', 'seed-way'] as const)
      expect(scripts).toContain(one);
  });
});
