// The last steps on a target: started on its new data, made a replica, followed until it has caught up.
//
// Lives in this room: those steps (works.ts does them), the words for them (words.ts), from where a replica goes on (origin.ts),
// and the account that it logs in with (account.ts).
import type { PlannedCommand, PlannedStep } from '../../job/plan.ts';
import { command } from '../place.ts';
import { beginWords, replicaOptions, startOptions } from './change-words.ts';
import {
  accountCommands,
  changeCommands,
  logCommand,
  lookCommands,
  proofCommands,
  sourceCommands,
  sql,
} from './commands.ts';
import { inputOf, sourceName } from './input.ts';
import { openWords } from './memory-tables.ts';
import type { AttachPlan } from './plan.ts';
import { proofWords, replicaWords, standsWords } from './words.ts';

/** Of many tables. */
const openDeadlineMs = 60 * 60_000;

function openCommand({ target: { name, mysql }, datadir }: AttachPlan): PlannedCommand {
  const { defaultsFile = '', socket = '' } = mysql;
  return command(name, 'seed-proof', ['open', datadir, defaultsFile, socket], openDeadlineMs);
}

export function attachSteps(plan: AttachPlan) {
  const { target, job, unit } = plan;
  const { name } = target;
  const start = (verb: string, ...words: string[]) => command(name, 'seed-start', [verb, unit, job, ...words]);
  const step = (
    what: string,
    title: string,
    rest: Pick<PlannedStep, 'work' | 'commands' | 'acquires'>,
    input: PlannedStep['input'] = {},
  ): PlannedStep => ({ name: `${what} ${name}`, title, host: name, lane: name, input, ...rest });
  const release = start('release');
  const looks = lookCommands(plan);
  const input = inputOf(plan);

  return {
    /** Before anything is destroyed: the account is there, and lets the target in at its source. */
    proveAccount: step(
      'prove account',
      `test the replication login ${name} → ${sourceName(plan.source)}`,
      { work: 'prove-account', commands: proofCommands(plan) },
      input,
    ),
    /** Before the old data goes aside: what the data needs may have been purged during the copy. */
    checkSource:
      plan.position === 'here'
        ? []
        : [
            step(
              'check source',
              `check that ${sourceName(plan.source)} still has what comes after the snapshot, for ${name}`,
              { work: 'check-source', commands: sourceCommands(plan) },
              input,
            ),
          ],
    /** Before the server may be started: every start is such a start. */
    holdBack: step('hold back', `configure ${unit} on ${name} to start read-only and without replication`, {
      work: 'seed-command',
      commands: { run: start('prepare', ...startOptions(plan)), release },
      acquires: {
        what: `the start options of ${unit} on ${name} (/etc/systemd/system/${unit}.service.d/zzzz-reseed-${job}-start.conf)`,
        release: 'release',
        whenDone: 'release',
      },
    }),
    /** Before its first start: a start on an old redo log, or beside old binary logs, can't be undone. */
    proveFiles: step(
      'prove files',
      `check that ${unit} on ${name} will read the new data only`,
      {
        work: 'prove-files',
        commands: { files: command(name, 'seed-proof', ['files', plan.datadir, unit, plan.owner]) },
      },
      input,
    ),
    start: step('start', `start ${unit} on ${name}`, {
      work: 'start-server',
      commands: {
        act: start('start', plan.datadir, plan.errorLog),
        look: logCommand(plan),
        held: start('held', plan.datadir, ...startOptions(plan)),
      },
    }),
    /** Before anything of it is changed. */
    proveData: step(
      'prove data',
      `check that ${name} has all that the snapshot had`,
      {
        work: 'prove-data',
        commands: {
          look: sql(target, `${proofWords(plan)} ${replicaWords(plan)}`),
          read: command(name, 'seed-proof', ['read', plan.datadir, plan.owner]),
          ...(plan.mayBeEncrypted && { open: openCommand(plan) }),
          log: logCommand(plan),
        },
      },
      input,
    ),
    /** Of data whose coordinates were not read: before anything of it is changed. */
    stands:
      plan.position === 'here'
        ? [
            step(
              'stands',
              `read the replication position of ${name} from its data`,
              { work: 'read-own-position', commands: { look: sql(target, standsWords(plan)) } },
              input,
            ),
          ]
        : [],
    attach: step(
      'attach',
      `start replication on ${name} from ${sourceName(plan.source)}`,
      {
        work: 'attach-replica',
        commands: {
          ...looks,
          ...accountCommands(plan),
          openMemory: sql(target, openWords),
          ...changeCommands(plan),
          begin: sql(target, beginWords(plan)),
          // From here on a host that loses its power comes back as the replica that it is.
          hold: start('follow', plan.datadir, ...replicaOptions(plan)),
        },
      },
      input,
    ),
    catchUp: step(
      'catch up',
      `wait until ${name} has caught up`,
      { work: 'catch-up', commands: { ...looks, log: logCommand(plan) } },
      input,
    ),
  };
}
