// What has to be so for transactions of one host to be applied on another. Pure.
import type { Host } from '../inventory/settings.ts';
import { type Finding, judging } from '../seed/preflight/finding.ts';
import { replicaWord } from '../seed/replica/change-words.ts';
import { applyReceived } from '../seed/replica/relay-log-loss.ts';
import { strangersIn } from '../seed/replica/source/origin.ts';
import { channelsOf, type ReplicationState } from '../seed/replica/source/replication-state.ts';
import { shortSize } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';
import {
  disorderText,
  executedOf,
  hasOf,
  lackedText,
  missingText,
  passedText,
  receivedOf,
  runsText,
  unsureText,
} from './gtids.ts';
import { countText, emptyWarnings, gapText, graveOf, shortGtid, tailWarnings, unsureWhy, whatText } from './lines.ts';
import type { LogFile, Tail } from './tail.ts';
import { thinnedBy } from './thinned.ts';

export interface Salvage {
  /** The host whose logs are read, and its state. */
  readonly from: Host;
  readonly state: ReplicationState;
  /** The host that lacks them. */
  readonly to: Host;
  readonly behind: ReplicationState;
  readonly log: 'relay' | 'binlog';
  readonly tail: Tail;
  readonly logs: readonly LogFile[];
}

/** Of logs that are brought through this machine. */
const maxBytes = 512 * 1024 ** 2;
const maxGrave = 20;

export function salvageChecks(salvage: Salvage): Finding[] {
  return [
    ...tailChecks(salvage),
    ...relayChecks(salvage),
    ...gapChecks(salvage),
    ...behindChecks(salvage),
    ...graveChecks(salvage),
  ];
}

function tailChecks({ from, to, tail, state, log, logs }: Salvage): Finding[] {
  const { pass, warn, refuse } = judging({ host: from });
  const bytes = logs.reduce((sum, { parts }) => sum + parts.reduce((some, { at, end }) => some + end - at, 0), 0);
  const gtids = runsText(state.server.vendor, tail.runs);
  const kind = log === 'relay' ? 'relay' : 'binary';
  const nameless = tail.transactions.some(({ gtid }) => gtid === '');
  return [
    pass(`its ${kind} logs have ${countText(tail.count)} that ${to.name} lacks: ${gtids} (${shortSize(tail.bytes)})`),
    ...(nameless
      ? [refuse('a transaction has no GTID: what is applied could not be told from what is not', lookAdvice(from, to))]
      : []),
    ...tail.odd.map((why) => refuse(`a statement may hide others: ${why}`, lookAdvice(from, to))),
    ...(tail.untold > 0
      ? [refuse(`more statements than can be shown: ${tail.untold} are not listed`, 'seed the target')]
      : []),
    ...(bytes > maxBytes
      ? [refuse(`${shortSize(bytes)} of logs, more than ${shortSize(maxBytes)}`, 'seed the target')]
      : []),
    ...tail.split.map((gtid) =>
      refuse(
        `${gtid === '-' ? 'a transaction' : gtid} may lie in two logs: it begins at the end of one, and is not read`,
        'get it from its source, or seed the target',
      ),
    ),
    ...tailWarnings({ ...tail, odd: [], split: [], untold: 0 }).map((text) => warn(text)),
    ...emptyWarnings(tail).map((text) => warn(text)),
  ];
}

const lookAdvice = (from: Pick<Host, 'name'>, to: Pick<Host, 'name'>) =>
  `look at it: reseed salvage ${from.name} --from ${to.name} --sql`;

/** The host may become the primary, which deletes its relay logs. */
function relayChecks({ from, state }: Salvage): Finding[] {
  const { vendor } = state.server;
  const received = lackedText(vendor, receivedOf(state), hasOf(state));
  const reset = `RESET ${replicaWord(state.server)} ALL`;
  return received === ''
    ? []
    : [
        judging({ host: from }).warn(
          `it has received and not applied ${received}, which are in its relay logs alone`,
          `before it becomes the primary, let its applier end: ${reset} deletes them`,
        ),
      ];
}

/** Everything that the host has received has to be in the logs, but for a transaction whose end never came. */
function gapChecks({ from, state, behind, tail, log }: Salvage): Finding[] {
  const { refuse } = judging({ host: from });
  const { vendor } = state.server;
  const gap = missingText(state, hasOf(behind), tail);
  const [thinned, disorder] = [log === 'relay' ? [] : thinnedBy(state), disorderText(tail)];
  const other = log === 'relay' ? 'the binary logs may have them (--binlog)' : 'the relay logs may have them (--relay)';
  return [
    ...(thinned.length === 0
      ? []
      : [
          refuse(
            `its binary log may lack rows under their GTIDs: ${cleanLine(thinned.join(', '))}`,
            'read its relay logs (--relay); else seed the target',
          ),
        ]),
    ...(disorder === ''
      ? []
      : [refuse(`another channel has received ${disorder}: it would be applied after later ones`, 'seed the target')]),
    ...(gap === '' ? [] : [refuse(gapText(log, vendor, gap), `${other}; else seed the target`)]),
  ];
}

function behindChecks(salvage: Salvage): Finding[] {
  const { to, from, state, behind } = salvage;
  const { pass, refuse } = judging({ host: to });
  const errant = errantOf(behind, state);
  return [
    errant === ''
      ? pass(`it has nothing that ${from.name} does not have`)
      : refuse(`it has diverged: ${from.name} does not have ${errant}`, 'seed one of them from the other'),
    ...orderChecks(salvage),
    ...replicaChecks(salvage),
    ...writeChecks(salvage),
  ];
}

/** A MariaDB whose domain has reached later numbers, as after a failover. */
function orderChecks({ to, behind, tail }: Salvage): Finding[] {
  const { refuse } = judging({ host: to });
  const { vendor } = behind.server;
  const has = hasOf(behind);
  const [unsure, passed] = [unsureText(vendor, has, tail.runs), passedText(vendor, has, tail.runs)];
  if (unsure !== '') return [refuse(`it may be lacking ${unsure}: ${unsureWhy(to.name)}`, 'seed it')];
  if (passed === '') return [];
  return [refuse(`it has later numbers of their domain than ${passed}: its log would be out of order`, 'seed it')];
}

function replicaChecks({ to, behind }: Salvage): Finding[] {
  const { pass, warn, refuse } = judging({ host: to });
  const { vendor } = behind.server;
  const word = replicaWord(behind.server);
  const running = runningText(behind);
  const received = lackedText(vendor, receivedOf(behind), hasOf(behind));
  return [
    running === ''
      ? pass('no thread of its replication runs, and none is started')
      : refuse(
          `its replication runs: ${running}; it may get them by itself`,
          `STOP ${word} IO_THREAD there; once it has applied what it received, STOP ${word}, and plan again`,
        ),
    ...(received === ''
      ? []
      : [refuse(`it has received and not applied ${received}`, applyReceived(vendor, to.name, behind.channel))]),
    ...(vendor === 'mariadb' && channelsOf(behind).some(({ autoPosition }) => !autoPosition)
      ? [
          refuse(
            'it replicates by file and position (Using_Gtid: No): its source would send them once more',
            'once it has applied a transaction of each domain of its source: CHANGE MASTER TO MASTER_USE_GTID = slave_pos there, and plan again; else seed it',
          ),
        ]
      : []),
    ...(behind.delaySeconds > 0 ? [warn(`it is ${behind.delaySeconds} s late on purpose: it gets all at once`)] : []),
    ...(behind.channel?.filters ?? []).map((filter) => warn(`its filter does not count for these: ${filter}`)),
  ];
}

function writeChecks({ to, behind }: Salvage): Finding[] {
  const { pass, refuse } = judging({ host: to });
  const { vendor, readOnly, superReadOnly, logBin, gtid } = behind.server;
  const isMaria = vendor === 'mariadb';
  const off = superReadOnly ? ', and super_read_only, which is off while they are applied' : '';
  const set = `SET GLOBAL read_only = ON on ${to.name}`;
  const unknown = 'what is applied could not be known after a failure';
  return [
    readOnly
      ? pass(`it is read_only${off}: no client writes there`)
      : refuse('it takes writes (read_only is off)', `once no client writes there: ${set}`),
    ...(isMaria && superReadOnly
      ? [refuse('its read_only binds administrators too', `${set}, which lets them write`)]
      : []),
    ...(isMaria && !logBin ? [refuse(`it writes no binary log: ${unknown}`, 'seed it')] : []),
    ...(isMaria || gtid ? [] : [refuse(`it has no GTIDs (gtid_mode): ${unknown}`, 'seed it')]),
  ];
}

/** What it has and the other has neither executed nor received. */
function errantOf(behind: ReplicationState, state: ReplicationState): string {
  const { vendor } = behind.server;
  const own = vendor === 'mariadb' ? `${behind.binlogState},${behind.slaveGtid}` : executedOf(behind);
  const received = receivedOf(state);
  const all = vendor === 'mariadb' ? `${state.slaveGtid},${received}` : state.slaveGtid;
  const server = vendor === 'mariadb' ? state.server : { ...state.server, gtidExecuted: received };
  return strangersIn(vendor, own, { ...state, server, slaveGtid: all });
}

/** Threads of replication that run; empty: none. */
export function runningText(state: ReplicationState): string {
  return channelsOf(state)
    .flatMap(({ ioThread, sqlThread }) => [
      ...(ioThread === 'stopped' ? [] : [`receiver ${ioThread}`]),
      ...(sqlThread === 'stopped' ? [] : [`applier ${sqlThread}`]),
    ])
    .join(', ');
}

/** What is no data alone runs with all rights. */
function graveChecks({ to, from, tail }: Salvage): Finding[] {
  const { warn } = judging({ host: to });
  const grave = graveOf(tail);
  const more = grave.length - maxGrave;
  return [
    ...grave
      .slice(0, maxGrave)
      .map((one) => warn(`${shortGtid(one.gtid)} is applied with all rights: ${whatText(one)}`)),
    ...(more > 0 ? [warn(`and ${more} more such statements`, lookAdvice(from, to))] : []),
  ];
}
