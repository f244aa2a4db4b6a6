// The last steps on a target: started on its new data, made a replica, followed until it has caught up.
//
// Lives in this room: those steps (works.ts does them), the words for them (words.ts), from where a replica goes on (origin.ts),
// and the account that it logs in with (account.ts).
import type { Host } from '../../inventory/settings.ts';
import type { PlannedCommand, PlannedStep } from '../../job/plan.ts';
import { lookWords } from '../../service/plan.ts';
import { command } from '../place.ts';
import { type Kept, keptTexts } from './kept.ts';
import type { Follow } from './origin.ts';
import {
  attachWords,
  beginningWords,
  beginWords,
  type Position,
  proofWords,
  replicaOptions,
  replicaWords,
  type Speaker,
  serverWords,
  sourceWords,
  startOptions,
} from './words.ts';

export interface AttachPlan extends Speaker {
  readonly target: Host;
  /** As systemctl takes it. */
  readonly unit: string;
  readonly datadir: string;
  /** The server's account, `mysql:mysql`. */
  readonly owner: string;
  /** Empty: the server logs to its standard error. */
  readonly errorLog: string;
  /** The job's key. */
  readonly job: string;
  readonly follow: Follow;
  readonly position: Position;
  readonly source: ReplicaSource;
  /** The step whose result has the coordinates of the snapshot. */
  readonly coordinatesOf: string;
  /** MySQL: the server_uuid of the donor, which the target must not have. */
  readonly donorUuid?: string;
  readonly account: AccountPlace;
  /** What the target was as a replica; absent: it was none, or it is not known. */
  readonly kept?: Kept;
}

export interface ReplicaSource {
  /** As the target reaches it. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** It is one of the inventory, and can be asked. */
  readonly known?: Host;
}

/** A file on this machine (account.ts); or a host of the inventory that logs in at that source already. */
export type AccountPlace = { readonly file: string } | ReplicaAccount;

export interface ReplicaAccount {
  readonly replica: Host;
  readonly datadir: string;
  /** The replica is the target itself: a file there, below a folder of root's, that keeps the account when the old data goes. */
  readonly kept?: string;
}

/** Connecting, and what the server does at once. */
const sqlDeadlineMs = 60_000;

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
      `log in at ${sourceName(plan)} from ${name} as the replica will`,
      { work: 'prove-account', commands: { ...proofCommands(plan) } },
      input,
    ),
    /** Before the old data goes aside: what the data needs may have been purged during the copy. */
    checkSource:
      plan.position === 'here'
        ? []
        : [
            step(
              'check source',
              `check that ${sourceName(plan)} still has what comes after the snapshot, for ${name}`,
              { work: 'check-source', commands: sourceCommands(plan) },
              input,
            ),
          ],
    /** Before the server may be started: whoever starts it starts it so. */
    holdBack: step('hold back', `let ${unit} on ${name} start without replicating, and read-only`, {
      work: 'seed-command',
      commands: { run: start('prepare', ...startOptions(plan)), release },
      acquires: {
        what: `the way ${unit} starts on ${name} (/etc/systemd/system/${unit}.service.d/reseed-${job}-start.conf)`,
        release: 'release',
        whenDone: 'release',
      },
    }),
    /** Before its first start: a start on an old redo log, or beside old binary logs, can't be undone. */
    proveFiles: step(
      'prove files',
      `check that ${unit} on ${name} will read the new data, and none of the old`,
      {
        work: 'prove-files',
        commands: { files: command(name, 'seed-proof', ['files', plan.datadir, unit, plan.owner]) },
      },
      input,
    ),
    start: step('start', `start ${unit} on ${name}`, {
      work: 'start-server',
      commands: { act: start('start', plan.datadir, plan.errorLog), look: logCommand(plan) },
    }),
    /** Before anything of it is changed. */
    proveData: step(
      'prove data',
      `prove that the server of ${name} has what the snapshot had`,
      {
        work: 'prove-data',
        commands: {
          look: sql(target, `${proofWords} ${replicaWords(plan)}`),
          read: command(name, 'seed-proof', ['read', plan.datadir, plan.owner]),
          log: logCommand(plan),
        },
      },
      input,
    ),
    /** Of data that nobody read the coordinates of: before anything of it is changed. */
    stands:
      plan.position === 'here'
        ? [
            step(
              'stands',
              `read from its own data where ${name} stands`,
              { work: 'read-own-position', commands: { look: sql(target, `${serverWords} ${replicaWords(plan)}`) } },
              input,
            ),
          ]
        : [],
    attach: step(
      'attach',
      `let ${name} replicate from ${sourceName(plan)}`,
      {
        work: 'attach-replica',
        commands: {
          ...looks,
          ...accountCommand(plan.account),
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

/** The server's state, and its error log since its first start on the new data. */
const logCommand = ({ target: { name, mysql }, unit, datadir, errorLog: log, job }: AttachPlan): PlannedCommand => {
  const from = `/var/lib/reseed/log-from/${job}-${unit}`;
  return command(name, 'service', ['look', ...lookWords({ unit, datadir, mysql, log, from })]);
};

const sourceName = ({ source: { known, host, port } }: AttachPlan) =>
  known ? `${known.name} (${host}:${port})` : `${host}:${port}`;

function sql({ name, mysql }: Host, words: string): PlannedCommand {
  return command(name, 'seed-sql', [mysql.defaultsFile ?? '', mysql.socket ?? '', words], sqlDeadlineMs);
}

/** `look` at the target, and its source. */
const lookCommands = (plan: AttachPlan): Record<string, PlannedCommand> => ({
  look: sql(plan.target, `${serverWords} ${replicaWords(plan)}`),
  ...sourceCommands(plan),
});

/** `source`, where it can be asked, and on MariaDB `beginning`, of its oldest log. */
function sourceCommands(plan: AttachPlan): Record<string, PlannedCommand> {
  const { source, vendor } = plan;
  const { known } = source;
  return {
    ...(known && { source: sql(known, sourceWords(plan)) }),
    ...(known && vendor === 'mariadb' && { beginning: sql(known, beginningWords) }),
  };
}

/** Which of the two is run its own @@log_bin says, once it runs on the new data. MySQL needs one only: it resets without a log as well. */
function changeCommands(plan: AttachPlan): Record<string, PlannedCommand> {
  const words = (logBin: boolean) =>
    sql(plan.target, attachWords({ ...plan, tls: plan.source.tls || plan.kept?.tls === true, logBin }));
  return { change: words(true), ...(plan.vendor === 'mariadb' && { changeUnlogged: words(false) }) };
}

const accountCommand = (account: AccountPlace): Record<string, PlannedCommand> =>
  'file' in account ? {} : { account: accountWords('tell', account) };

function proofCommands({ target, source: { host, port, tls }, account }: AttachPlan): Record<string, PlannedCommand> {
  const keeps = 'kept' in account && account.kept !== undefined;
  return {
    ...(keeps && { keep: accountWords('keep', account) }),
    ...accountCommand(account),
    try: command(target.name, 'seed-account', ['try', host, String(port), tls ? 'yes' : 'no']),
  };
}

function accountWords(verb: string, { replica: { name, mysql }, datadir, kept = '' }: ReplicaAccount): PlannedCommand {
  return command(name, 'seed-account', [verb, mysql.defaultsFile ?? '', mysql.socket ?? '', datadir, kept]);
}

function inputOf(plan: AttachPlan): PlannedStep['input'] {
  const { vendor, version, follow, position, source, coordinatesOf, donorUuid = '', account } = plan;
  return {
    vendor,
    version,
    follow,
    position,
    coordinatesOf,
    donorUuid,
    source: { name: sourceName(plan), host: source.host, port: source.port },
    accountFile: 'file' in account ? account.file : '',
    kept: keptTexts(plan.kept),
  };
}
