// reseed seed DONOR TARGET...: the targets are given the donor's data, and become replicas.
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { LogicalVolume } from '../../host/facts.ts';
import { jobHome } from '../../job/home.ts';
import { openRemotes } from '../../remote/open.ts';
import { type ChosenChannel, type Compression, chosenChannels, compressions, type Side } from '../../seed/wish.ts';
import { exampleText, exitCodes } from '../answer.ts';
import { bytesIn } from '../bytes.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { type Asked, askHosts } from './ask.ts';
import { askAccount, forgetAccount } from './ask-account.ts';
import { type BeginOptions, begin } from './begin.ts';
import { author } from './desk.ts';
import { jobFlags } from './flags.ts';
import { mostStreams, type SeedTerms, seedDraft, snapshotOf } from './seed-draft.ts';
import { askSides } from './seed-sides.ts';

interface SeedOptions extends HostOptions, BeginOptions {
  readonly snapshot?: string;
  readonly stopped?: boolean;
  readonly keepSnapshot?: boolean;
  readonly channel?: ChosenChannel;
  readonly compression: Compression;
  readonly streams?: number;
  readonly limit?: number;
  readonly clear?: boolean;
  readonly maxLag?: number;
  readonly follow?: 'donor' | 'source';
  readonly account?: string;
  readonly askAccount?: string | true;
}

export function seedCommand(): Command {
  const command = new Command('seed')
    .description("give the targets a donor's data, and make them replicas")
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
    .option('--keep-snapshot', 'the new snapshot stays when the job is done')
    .addOption(
      new Option(
        '--channel <kind>',
        'ssh: a sshd of the job; relay: the same through this machine; tls: socat; left out: as the inventory has it, or ssh',
      ).choices(chosenChannels),
    )
    .addOption(
      new Option('--compression <how>', 'auto: zstd where the way is slower than it')
        .choices(compressions)
        .default('auto'),
    )
    .option('--streams <n>', 'connections that copy side by side', streamsFrom)
    .option('--limit <bytes>', 'bytes a second for all streams together: 20M', limitFrom)
    .addOption(
      new Option(
        '--follow <whom>',
        "whom they replicate from; left out: the donor's source, or the donor where it has none",
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
    .option('--clear', 'where there is no room for both, delete the old data before the copy')
    .option(
      '--max-lag <seconds>',
      'from a donor that is so far behind, or any; left out: 600, or seed.maxLagSeconds',
      lagFrom,
    )
    .addHelpText(
      'after',
      exampleText([
        'reseed seed db2 db3 --dry-run',
        'reseed seed db2 db3',
        'reseed seed db2 db3 db6 --yes=db3,db6 --limit 50M',
      ]),
    )
    .action((donor: string, targets: string[], options: SeedOptions) => seed(donor, [...new Set(targets)], options));
  return jobFlags(command);
}

function streamsFrom(text: string): number {
  const streams = Number(text);
  if (/^\d{1,2}$/.test(text) && streams >= 1 && streams <= mostStreams) return streams;
  throw new InvalidArgumentError(`a number from 1 to ${mostStreams}`);
}

function limitFrom(text: string): number {
  const bytes = bytesIn(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('bytes a second, as 20M');
}

function lagFrom(text: string): number {
  if (text === 'any') return Number.POSITIVE_INFINITY;
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('seconds, as 3600; or any');
}

async function seed(donorName: string, targetNames: readonly string[], options: SeedOptions): Promise<void> {
  const chosen = await chooseHosts([donorName, ...targetNames], options);
  if (!chosen) return;
  // The whole inventory where it can be had: server_ids have to differ from every known host's.
  const asked = await askHosts([], options);
  if (!asked) return;
  const named = [donorName, ...targetNames].map((name) => asked.find(({ host }) => host.name === name));
  const there = named.filter((one) => one !== undefined);
  // Which of them does not answer was said.
  if (there.length < named.length) return;
  const [donor, ...targets] = (await sidesOf(there)) ?? [];
  if (!donor) return;
  const snapshot = options.snapshot === undefined ? undefined : chosenSnapshot(donor, options.snapshot);
  if (options.snapshot !== undefined && !snapshot) return;
  const by = author();
  const typed = options.askAccount === undefined ? undefined : jobHome(process.env).account(by.key);
  if (typed !== undefined && !(await typedInto(typed, options.askAccount))) return;
  const terms = { ...termsOf(options), ...(typed !== undefined && { accountFile: typed }) };
  const draft = seedDraft({ donor, targets, snapshot, stopped: options.stopped, terms, known: asked }, by);
  if (!(await begin(draft, options)) && typed !== undefined) forgetAccount(typed);
}

/** False: there is no account; that was said, and the exit code is set. */
async function typedInto(path: string, user: string | true | undefined): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write('reseed: nobody is here to be asked for a password; --account FILE takes it from a file\n');
    process.exitCode = exitCodes.usage;
    return false;
  }
  const name = user === true ? undefined : user;
  if (await askAccount(path, name, { input: process.stdin, output: process.stdout })) return true;
  process.stderr.write('reseed: no account was given: nothing was done\n');
  process.exitCode = exitCodes.refused;
  return false;
}

/** In the order given. undefined: it was said which host does not answer, and the exit code is set. */
async function sidesOf(asked: readonly Asked[]): Promise<readonly Side[] | undefined> {
  const remotes = openRemotes({ environment: process.env });
  let sides: readonly Side[] = [];
  process.exitCode = await untilSignalled(async (signal) => {
    const answers = await askSides(asked, (target) => remotes.open(target), signal);
    sides = answers.flatMap((answer) => (answer.ok ? answer.side : []));
    for (const answer of answers) {
      if (!answer.ok) process.stderr.write(`reseed: ${answer.host}: ${answer.why}\n`);
    }
    return sides.length === asked.length ? exitCodes.done : exitCodes.unreachable;
  });
  await remotes.close();
  return sides.length === asked.length ? sides : undefined;
}

/** undefined: there is no such snapshot; that was said, and the exit code is set. */
function chosenSnapshot(donor: Side, name: string): LogicalVolume | undefined {
  const snapshot = snapshotOf(donor, name);
  if (snapshot) return snapshot;
  process.stderr.write(`reseed: ${donor.host.name} has no snapshot ${name}; reseed snapshot list ${donor.host.name}\n`);
  process.exitCode = exitCodes.usage;
  return undefined;
}

function termsOf(options: SeedOptions): SeedTerms {
  const { keepSnapshot, channel, compression, streams, limit, follow, account, clear, maxLag } = options;
  return {
    keepSnapshot: keepSnapshot ?? false,
    ...(channel && { channel }),
    compression,
    ...(streams !== undefined && { streams }),
    ...(limit !== undefined && { bandwidthBytesPerSecond: limit }),
    ...(follow && { follow }),
    ...(account !== undefined && { accountFile: resolve(account) }),
    clear: clear ?? false,
    ...(maxLag !== undefined && { maxLagSeconds: maxLag }),
  };
}
