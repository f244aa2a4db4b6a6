// A seed's copy on this machine: the plan's own steps and scripts, a real sshd on loopback for each target, folders for
// datadirs. Only LVM is missing: the donor's datadir does not change, and the program `true` mounts and watches the
// snapshot.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostReport } from '../../src/host/facts.ts';
import type { SeedChannel, SeedSettings } from '../../src/inventory/settings.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { type StepWorks, worksOf } from '../../src/job/plan/step-work.ts';
import { keptRelays } from '../../src/job/runner/relays.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { openRemotes } from '../../src/remote/open.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { readScript } from '../../src/scripts/script.ts';
import { readSeedFacts } from '../../src/seed/facts.ts';
import { mariadbBackup, streamOf, xtrabackup } from '../../src/seed/methods/backup-stream/backup-stream.ts';
import { mariadbBackupTool, type Tool, xtrabackupTool } from '../../src/seed/methods/backup-stream/tools.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { seedKinds } from '../../src/seed/steps.ts';
import { targetSteps } from '../../src/seed/target/target-steps.ts';
import { copyData } from '../../src/seed/transfer/steps/copy-data.ts';
import { listData } from '../../src/seed/transfer/steps/list-data.ts';
import { makeSums } from '../../src/seed/transfer/steps/make-sums.ts';
import { openChannel } from '../../src/seed/transfer/steps/open-channel.ts';
import { verifyData } from '../../src/seed/transfer/steps/verify-data.ts';
import { addJob } from '../job/adding.ts';
import { account } from './staging.ts';

export interface Copying {
  readonly donor: string;
  /** A folder beside the donor's datadir. */
  readonly beside: (name: string) => string;
  /** A target's datadir, and the folder in it where the new data lands. */
  readonly datadir: (target: string) => string;
  readonly arrived: (target: string) => string;
  /** Runs or resumes the job; a step's work may be replaced, or wrapped in another one. */
  readonly run: (works?: (real: StepWorks) => StepWorks) => Promise<JobRecord>;
  readonly log: () => string;
  /** /run/reseed/KEY */
  readonly folder: string;
  readonly end: () => Promise<void>;
}

interface RelayedBy {
  readonly target: RemoteTarget;
  readonly sshConfig: string;
}

const who = { account: 'ops', jumpHost: 'jump1' };

interface Given extends Partial<Omit<SeedRequest, 'channel'>> {
  /** What the inventory says of every target. */
  readonly channel?: SeedChannel;
  /** How donor and targets are reached by a relay. */
  readonly relayedBy?: RelayedBy;
  /** There is no room for old and new data on the targets. */
  readonly isFull?: true;
  /** What the donor's server told; absent: nothing. */
  readonly report?: HostReport;
  /** What the donor's server keeps outside of its datadir: a kind, and the name of a folder beside it. */
  readonly places?: Readonly<Record<string, string>>;
}

export async function copying(
  targets: readonly string[],
  { channel, relayedBy, report, places = {}, isFull, ...requests }: Given = {},
): Promise<Copying> {
  const base = await mkdtemp(join(tmpdir(), 'reseed-copy-'));
  const job = randomBytes(4).toString('hex');
  const donor = join(base, 'donor');
  const datadir = (target: string) => join(base, target);
  await chmod(base, 0o755);
  for (const path of [donor, ...targets.map(datadir)]) await mkdir(path);
  for (const target of targets) await chown(datadir(target), account.uid, account.gid);
  const request: SeedRequest = {
    donor: { ...side('donor', donor), ...(report && { report }) },
    targets: targets.map((target) => {
      const one = side(target, datadir(target), channel && { channel });
      return isFull ? { ...one, facts: { ...one.facts, freeBytes: 1, dataBytes: 1024 ** 5 } } : one;
    }),
    method: coldCopy,
    others: [],
    keepSnapshot: false,
    compression: 'none',
    clear: false,
    job,
    who,
    nowMs: Date.now(),
    ...requests,
  };
  const beside = (name: string) => join(base, name);
  const words = Object.entries(places).map(([kind, name]) => `${kind}=${beside(name)}`);
  const tool = streamTools.get(request.method);
  const steps = tool ? streamStepsOf(request, tool) : stepsOf(request, donor, words);
  const journal = openJournal(join(base, 'jobs.sqlite'), Date.now);
  if (!journal) throw new Error('no journal');
  const hosts = ['donor', ...targets];
  const plan = { kind: 'seed', title: 'a copy', hosts, destroys: [], steps };
  const { id } = addJob(journal, { plan, targets: [], who, key: job });
  const log = openJobLog(join(base, 'log'), Date.now);
  const { target: relayed, sshConfig } = relayedBy ?? {};
  const remotes = openRemotes({
    environment: { PATH: process.env.PATH },
    ...(sshConfig !== undefined && { sshConfig }),
  });
  const relays = keptRelays(async (_, __, toPort) => {
    if (!relayed) throw new Error('no relay was to be opened');
    return await remotes.relay(relayed, relayed, toPort, readScript('relay'));
  });
  const remote = remotes.open({ name: 'here', host: 'localhost', transport: 'local', sudo: false });
  return {
    donor,
    beside,
    datadir,
    arrived: (target) => join(datadir(target), `.reseed-${job}`, 'new'),
    folder: `/run/reseed/${job}`,
    log: () => readFileSync(join(base, 'log'), 'utf8'),
    run: async (works = (real) => real) => {
      await runJob(id, {
        journal,
        log,
        works: withoutLvm(works(worksOf(seedKinds))),
        relays,
        open: () => remote,
        nowMs: Date.now,
      });
      const record = journal.job(id);
      if (!record) throw new Error('the job is gone');
      return record;
    },
    end: async () => {
      await relays.close();
      await remote.close();
      await remotes.close();
      journal.close();
      await rm(base, { recursive: true });
      await rm(`/run/reseed/${job}`, { recursive: true, force: true });
    },
  };
}

const maxPauseMs = 2000;

/**
 * LVM is not there: the mount does nothing, and the snapshot is as full as one of the fleet was when it was asked. This machine's one
 * lock is not for copies that run side by side.
 */
const use = readFileSync(new URL('../fixtures/mysql-9.7/snapshot-use.txt', import.meta.url), 'utf8');
const standIns: Readonly<Record<string, string>> = { mount: '', lock: '', 'guard-use': use };

const withoutLvm = (works: StepWorks): StepWorks =>
  Object.fromEntries(
    Object.entries(works).map(([name, definition]) => [
      name,
      {
        ...definition,
        run: (tools) =>
          definition.run({
            ...tools,
            // Between two tries reseed waits for ten seconds.
            pause: (ms) => tools.pause(Math.min(ms, maxPauseMs)),
            run: async (key, options) => {
              const stdout = standIns[key];
              return stdout === undefined ? await tools.run(key, options) : { ok: true, stdout, stderr: '' };
            },
          }),
      },
    ]),
  );

function stepsOf(request: SeedRequest, donor: string, beside: readonly string[]): PlannedStep[] {
  const guarded = { group: 'vg0', volume: 'none', uuid: '', origin: 'mysql', job: request.job };
  const mount = { host: 'donor', script: 'snapshot', args: ['mount'], deadlineMs: 1000 } as const;
  const source = { request, root: donor, reader: '', beside, snapshot: { guarded, mount } };
  return [
    listData.plan({ request, read: source }),
    makeSums.plan({ request, read: source }),
    ...laneSteps(request),
    copyData.plan({ ...source, ...(request.method.comparesOld && { onlyUnequal: true }) }),
    verifyData.plan(source),
  ];
}

const laneSteps = (request: SeedRequest): PlannedStep[] =>
  request.targets.flatMap((target, index) => [
    targetSteps({ request, target, unit: 'mysql', index: 0 }).prepare,
    openChannel.plan({ request, target, index }),
  ]);

const streamTools: ReadonlyMap<SeedMethod, Tool> = new Map([
  [mariadbBackup, mariadbBackupTool],
  [xtrabackup, xtrabackupTool],
]);

function streamStepsOf(request: SeedRequest, tool: Tool): PlannedStep[] {
  const { before, bring } = streamOf(request, tool);
  return [...before, ...laneSteps(request), ...bring([]).steps];
}

/** Tests that run side by side listen on ports of their own: a released port is not at once taken by another test. */
const first = 21_000 + 200 * Number(process.env.VITEST_POOL_ID ?? 0);
const ports = { first, last: first + 199 };

function side(name: string, datadir: string, requested: SeedSettings = {}): Side {
  const seed = { ports, ...requested };
  const facts = readSeedFacts(readFileSync(new URL('../fixtures/seed/facts-db2.txt', import.meta.url), 'utf8'));
  if (!facts) throw new Error('the recorded facts were not read');
  const ssh = { host: '127.0.0.1', transport: 'local' } as const;
  const host = {
    name,
    ssh,
    sudo: false,
    mysql: {},
    snapshot: {},
    seed,
    commands: {},
    hooks: {},
    labels: {},
    readOnly: false,
    notDone: [],
  };
  return {
    host,
    report: {},
    facts: { ...facts, places: [], datadir, owner: account.name, routes: { '127.0.0.1': '127.0.0.1' } },
  };
}
