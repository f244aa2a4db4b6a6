// reseed seed DONOR TARGET...: the targets get the donor's data, and become replicas.
import { Command, InvalidArgumentError, Option } from 'commander';
import { maxStreams } from '../../../operations/seed/draft.ts';
import { defaultMethod, methods } from '../../../seed/methods/methods.ts';
import { chosenChannels, compressions } from '../../../seed/request.ts';
import { bytesIn, msIn } from '../../../text/amounts.ts';
import { exampleText } from '../../answer.ts';
import { inventoryFlag } from '../../hosts/targets.ts';
import { jobFlags } from '../flags.ts';
import { type SeedOptions, seed } from './seed-begin.ts';

export function seedCommand(): Command {
  const command = new Command('seed')
    .description("give the targets a donor's data, and make them replicas, or servers of their own")
    .argument('<donor>', 'the host whose data it is')
    .argument('<target...>', 'the hosts that get it')
    .option(...inventoryFlag)
    .option('--snapshot <name>', 'a snapshot of the donor that is there; left out: a new one is taken')
    .addOption(
      new Option('--stopped', 'the server of the donor is down: its files are copied as they lie there').conflicts([
        'snapshot',
        'keepSnapshot',
      ]),
    )
    .addOption(
      new Option(
        '--method <how>',
        `how the data is copied: reseed methods DONOR TARGET tells which can be used, and why not the others; left out: as seed.method of the targets has it, or ${defaultMethod.name}`,
      ).choices(methods.map(({ name }) => name)),
    )
    .option('--keep-snapshot', 'the new snapshot stays when the job is done')
    .addOption(
      new Option(
        '--channel <kind>',
        'ssh: a sshd of the job; relay: the same through this machine; tls: socat; left out: as the inventory has it, or ssh',
      ).choices(chosenChannels),
    )
    .addOption(
      new Option('--compression <how>', 'auto: zstd where the link is slower than zstd')
        .choices(compressions)
        .default('auto'),
    )
    .option('--streams <n>', 'parallel connections, 1 to 16', streamsFrom)
    .option('--limit <bytes>', 'bytes a second on the wire, as compressed, that leave the donor in all: 20M', limitFrom)
    .addOption(
      new Option(
        '--follow <source>',
        "their source; left out: the donor's source, or the donor where it has none",
      ).choices(['donor', 'source']),
    )
    .option(
      '--account <file>',
      'the account they replicate with: user = and password =, mode 600; left out: that of a replica',
    )
    .addOption(
      new Option(
        '--ask-account [user]',
        'asks for that account; its password is shown nowhere, and kept for the job alone',
      ).conflicts('account'),
    )
    .addOption(
      new Option(
        '--standalone',
        'afterwards the targets replicate from no host, and are read-only: from a snapshot of any age, a new one, or by another method',
      ).conflicts('asSet'),
    )
    .option('--as-set', 'the same, but the first target becomes the primary of the others')
    .option('--writable', 'with --standalone or --as-set: such a server (of a set the primary) takes writes')
    .option('--events', 'with --standalone or --as-set: enabled events of the donor run there; left out: they do not')
    .option(
      '--databases <names>',
      'all tables of these databases alone (a,b): they are put into the running server of one target, which keeps everything else',
      namesFrom,
    )
    .option('--tables <names>', 'these tables alone, in the same way: shop.orders,shop.items', namesFrom)
    .option(
      '--replace',
      'with --databases or --tables: where the target has tables of these names, the new ones replace them',
    )
    .option(
      '--clear',
      'where there is no room for both, give the old data up before the copy: it is deleted, or a delta takes its files',
    )
    .option(
      '--inject-empty',
      'with --method binlog: what only a target has executed is written on its source (the donor, a primary) as empty transactions; can not be undone',
    )
    .option(
      '--max-lag <time>',
      'how far the donor may be behind: seconds, a time with its unit (10min, 2h), or any; left out: 600 s, or seed.maxLagSeconds',
      lagFrom,
    )
    .addHelpText(
      'after',
      exampleText([
        'reseed seed db2 db3 --dry-run',
        'reseed seed db2 db3',
        'reseed seed db2 db3 db6 --yes=db3,db6 --limit 50M',
        'reseed seed db1 db3 --method binlog',
        'reseed seed db1 db3 --tables shop.orders --replace',
        'reseed seed db1 stage1 --databases shop,crm',
        'reseed seed db2 stage1 --snapshot vg0/sunday --standalone --writable',
        'reseed seed db2 stage1 stage2 stage3 --snapshot vg0/sunday --as-set --writable',
      ]),
    )
    .action((donor: string, targets: string[], options: SeedOptions) => seed(donor, [...new Set(targets)], options));
  return jobFlags(command);
}

const namesFrom = (text: string): string[] => [...new Set(text.split(',').filter((name) => name !== ''))];

function streamsFrom(text: string): number {
  const streams = Number(text);
  if (/^\d{1,2}$/.test(text) && streams >= 1 && streams <= maxStreams) return streams;
  throw new InvalidArgumentError(`Write a number from 1 to ${maxStreams}.`);
}

function limitFrom(text: string): number {
  const bytes = bytesIn(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('Write bytes a second with their unit: 20M, 1.5G.');
}

function lagFrom(text: string): number {
  if (text === 'any') return Number.POSITIVE_INFINITY;
  const ms = msIn(text, 's');
  if (ms !== undefined && ms < 1e11) return Math.round(ms / 1000);
  throw new InvalidArgumentError('Write seconds, as 3600, a time with its unit: 10min, 2h; or any.');
}
