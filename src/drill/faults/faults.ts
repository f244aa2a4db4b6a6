// The faults that can be made on a practice host, as data. Each is real: the kernel is killed, a disk returns errors, a
// page is overwritten. What happens on the host is in guest/fault-*.sh; what happens to its machine is in machine.ts.

import { DrillFailure } from '../failure.ts';
import type { DrillHost } from '../host.ts';
import { drillHosts, hostNamed } from '../hosts.ts';

export interface FaultArgument {
  readonly name: string;
  readonly help: string;
  readonly preset?: string;
  /** The value as the script takes it, or undefined where the word is not valid. */
  readonly read: (word: string, host: DrillHost) => string | undefined;
}

export interface Fault {
  readonly name: string;
  readonly help: string;
  readonly args: readonly FaultArgument[];
  /** What it acts on: the machine's power or clock, or a script run on the host by its serial line. */
  readonly acts: { readonly on: 'power' } | { readonly on: 'clock' } | { readonly on: 'host'; readonly script: string };
  /** Words that go before the arguments on `make`. */
  readonly words?: (args: readonly string[]) => string[];
  /** Why the fault can't be made on this host; absent: it can. */
  readonly impossible?: (host: DrillHost) => string | undefined;
  /** A power cut ends the fault: nothing is left to heal. */
  readonly volatile?: boolean;
  /** The machine is restarted after the script has healed the fault. */
  readonly restartToHeal?: boolean;
}

const peer: FaultArgument = {
  name: 'PEER',
  help: 'only between the host and this other one',
  preset: 'all',
  read: (word, host) => (word === 'all' ? word : word === host.name ? undefined : hostNamed(word)?.address),
};
const measure = (name: string, help: string, preset: string, pattern: RegExp): FaultArgument => ({
  name,
  help,
  preset,
  read: (word) => (pattern.test(word) ? word : undefined),
});
const noServer = (host: DrillHost) => (host.blank ? 'it has no server running and no data' : undefined);
const noReplica = (host: DrillHost) => (host.source ? undefined : 'it is not a replica');
/** A MariaDB with strict GTIDs stops replicating at the first of them. */
const noMysqlReplica = (host: DrillHost) =>
  host.server.vendor === 'mysql' ? noReplica(host) : 'it is a MariaDB: only a MySQL goes on with it';
const noVolume = (host: DrillHost) =>
  host.disk.volumeGroup ? undefined : 'its datadir lies on a partition, and not on a volume of LVM';
const onHost = (script: string) => ({ on: 'host' as const, script });

export const faults: readonly Fault[] = [
  { name: 'power-cut', help: 'kill the machine, as a power cut does', args: [], acts: { on: 'power' } },
  {
    name: 'pause',
    help: 'stop the clock of the machine: connections stay open and silent',
    args: [],
    acts: { on: 'clock' },
    volatile: true,
  },
  {
    name: 'cut',
    help: 'lose every packet, both ways',
    args: [peer],
    acts: onHost('fault-network.sh'),
    words: ([to = 'all']) => [to, 'loss', '100%'],
    volatile: true,
  },
  {
    name: 'slow',
    help: 'delay and throttle the network, both ways',
    args: [
      peer,
      measure('RATE', 'such as 10mbit or 1gbit', '10mbit', /^[1-9]\d{0,5}[kmg]?bit$/),
      measure('DELAY', 'such as 80ms, for each way', '50ms', /^\d{1,5}ms$/),
    ],
    acts: onHost('fault-network.sh'),
    words: ([to = 'all', rate = '', delay = '']) => [to, 'rate', rate, 'delay', delay, 'limit', '5000'],
    volatile: true,
  },
  {
    name: 'fill-disk',
    help: 'fill the file system of the datadir',
    args: [measure('KEEP', 'bytes to leave free', '0', /^\d{1,15}$/)],
    acts: onHost('fault-fill-disk.sh'),
  },
  {
    name: 'fill-snapshot',
    help: 'overflow a snapshot of the datadir; on a thin volume, fill the pool',
    args: [measure('PERCENT', 'how full a thin pool gets', '95', /^([1-9]\d?|100)$/)],
    acts: onHost('fault-fill-snapshot.sh'),
    impossible: noVolume,
  },
  {
    name: 'corrupt-datadir',
    help: 'overwrite pages of the files of InnoDB: the server does not start any more',
    args: [],
    acts: onHost('fault-corrupt-datadir.sh'),
    impossible: noServer,
  },
  {
    name: 'break-replication',
    help: 'write a row on the replica that its source is about to write',
    args: [],
    acts: onHost('fault-break-replication.sh'),
    impossible: noReplica,
  },
  {
    name: 'errant',
    help: 'write transactions on the replica that its source never had',
    args: [],
    acts: onHost('fault-errant.sh'),
    impossible: noMysqlReplica,
  },
  {
    name: 'wrong-source',
    help: 'let the replica replicate from another host',
    args: [
      {
        name: 'SOURCE',
        help: 'the host that it is to replicate from',
        read: (word, host) => (word === host.name ? undefined : hostNamed(word)?.address),
      },
    ],
    acts: onHost('fault-wrong-source.sh'),
    impossible: noMysqlReplica,
  },
  {
    name: 'cut-seed',
    help: 'once a seed brings data to the host, lose every packet for a while',
    args: [peer, measure('SECONDS', 'for how long', '60', /^[1-9]\d{0,3}$/)],
    acts: onHost('fault-cut-seed.sh'),
    volatile: true,
  },
  { name: 'stop-mysql', help: 'stop the server', args: [], acts: onHost('fault-stop-mysql.sh'), impossible: noServer },
  {
    name: 'disk-errors',
    help: 'every read and write of the volume of the datadir fails (dm-flakey)',
    args: [],
    acts: onHost('fault-disk-errors.sh'),
    impossible: noVolume,
    volatile: true,
    restartToHeal: true,
  },
  { name: 'rekey-ssh', help: 'give sshd another host key', args: [], acts: onHost('fault-rekey-ssh.sh') },
];

/** The fault of that name. Otherwise a DrillFailure that lists all faults. */
export function faultNamed(name: string): Fault {
  const fault = faults.find((one) => one.name === name);
  if (fault) return fault;
  throw new DrillFailure(
    'usage',
    `there is no fault '${name}'`,
    `there are: ${faults.map((one) => one.name).join(', ')}`,
  );
}

/** The arguments as the fault's script takes them, presets filled in. */
export function readArguments(fault: Fault, host: DrillHost, words: readonly string[]): string[] {
  if (words.length > fault.args.length) {
    const takes = fault.args.map((argument) => `[${argument.name}]`).join(' ') || 'no arguments';
    throw new DrillFailure('usage', `${fault.name} takes ${takes}: '${words[fault.args.length]}' is one too many`);
  }
  return fault.args.map((argument, at) => {
    const word = words[at] ?? argument.preset ?? '';
    const value = argument.read(word, host);
    if (value !== undefined) return value;
    const hosts = drillHosts.map(({ name }) => name).filter((name) => name !== host.name);
    const advice = argument === peer ? `another host of ${hosts.join(', ')}, or all` : argument.help;
    throw new DrillFailure('usage', `${fault.name}: '${word}' is no ${argument.name}`, `write ${advice}`);
  });
}
