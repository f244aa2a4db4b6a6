// reseed check: whether reseed can do its work on every host, and where not, what to do about it.
import { Command } from 'commander';
import { type HostCheck, type Known, parseCheck, serverIsDown } from '../../host/check.ts';
import type { Host } from '../../inventory/settings.ts';
import { failureOf, type RemoteFailure, unreadable } from '../../remote/failure.ts';
import { openRemotes, type Remotes } from '../../remote/open.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { scriptText } from '../../scripts/script.ts';
import { exampleText, exitCodes, printJson, printLine, tableLines } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag, targetOf } from './targets.ts';

/** Long enough for a hop or two and a slow .bashrc; every host is asked at the same time. */
const deadlineMs = 45_000;

/** One column of the table. `no` is a fault; `unknown` is what could not be asked. */
interface Finding {
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly detail: string;
  /** What to do, where something is to be done. */
  readonly advice: string;
}

interface Checked {
  readonly host: string;
  readonly findings: Readonly<Record<Column, Finding>>;
  /** No connection, or no login: then nothing else is known. */
  readonly reached: boolean;
}

const columns = ['ssh', 'sudo', 'tools', 'mysql', 'lvm'] as const;
type Column = (typeof columns)[number];

export function checkCommand(): Command {
  return new Command('check')
    .description('whether reseed can do its work: keys, login, sudo, tools, mysql login and LVM of every host')
    .argument('[host...]', 'hosts of the inventory; none: all')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .addHelpText('after', exampleText(['reseed check', 'reseed check db2 --json | jq .hosts']))
    .action(check);
}

async function check(names: string[], options: HostOptions): Promise<void> {
  const chosen = await chooseHosts(names, options);
  if (!chosen) return;
  const script = await scriptText('check');
  const remotes = openRemotes({ environment: process.env });
  const checked = await Promise.all(
    chosen.hosts.map((host) => checkHost(remotes, host, targetOf(host, chosen.inventory), script)),
  );
  await remotes.close();
  if (options.json) printJson('check', { inventory: chosen.inventory.file, hosts: checked });
  else for (const line of report(checked)) printLine(line);
  process.exitCode = exitCodeOf(checked);
}

async function checkHost(remotes: Remotes, host: Host, target: RemoteTarget, script: string): Promise<Checked> {
  const remote = remotes.open(target);
  const { defaultsFile = '', socket = '' } = host.mysql;
  const answer = await remote.exec(script, [defaultsFile, socket], { deadlineMs, label: 'check' });
  await remote.close();
  if (!answer.ok) return failed(host, answer);
  const facts = parseCheck(answer.stdout);
  const misread = unreadable('the answer of check.sh was not understood', 'see what it printed', answer.stdout);
  return facts ? found(host, facts) : failed(host, failureOf(misread, host.name, 'check'));
}

const yes = (detail: string): Finding => ({ verdict: 'yes', detail, advice: '' });
const no = (detail: string, advice: string): Finding => ({ verdict: 'no', detail, advice });
const unknown = (detail = '', advice = ''): Finding => ({ verdict: 'unknown', detail, advice });

/** The login and what comes after it are one thing; which part failed is told by the failure's kind. */
function failed(host: Host, { kind, message, advice }: RemoteFailure): Checked {
  const reached = kind === 'sudo' || kind === 'exit' || kind === 'parse';
  const nothing = { tools: unknown(), mysql: unknown(), lvm: unknown() };
  const ssh = reached ? yes('') : no(message, advice);
  const sudo = reached ? no(message, advice) : unknown();
  return { host: host.name, reached, findings: { ssh, sudo, ...nothing } };
}

function found(host: Host, { account, missingTools, mysql, datadir, volume }: HostCheck): Checked {
  const asRoot = account === 'root';
  const sudo = asRoot
    ? yes('root')
    : no(`commands run as ${account}`, 'reseed needs root there: set sudo: true, and allow it with NOPASSWD');
  const tools =
    missingTools.length === 0 ? yes('') : no(`missing: ${missingTools.join(', ')}`, 'install what has them');
  return {
    host: host.name,
    reached: true,
    findings: { ssh: yes(''), sudo, tools, mysql: mysqlFinding(mysql), lvm: lvmFinding(volume, datadir) },
  };
}

function mysqlFinding(mysql: Known): Finding {
  if (mysql.ok) return yes(mysql.value);
  if (serverIsDown(mysql)) return unknown('the server is down', 'whether it lets reseed in shows once it runs');
  return no(mysql.why, 'set mysql.defaultsFile to a file with an account that may log in');
}

function lvmFinding(volume: Known, datadir: string): Finding {
  if (volume.ok) return yes(volume.value);
  return no(`${datadir}: ${volume.why}`, 'snapshots need the datadir on a logical volume');
}

const signs = { yes: '✔', no: '✖', unknown: '–' } as const;

function report(checked: readonly Checked[]): string[] {
  const rows = checked.map(({ host, findings }) => [
    host,
    ...columns.map((column) => {
      const { verdict, detail } = findings[column];
      return verdict === 'yes' ? `${signs.yes} ${detail}`.trim() : signs[verdict];
    }),
  ]);
  const remarks = checked.flatMap(({ host, findings }) =>
    columns
      .filter((column) => findings[column].verdict !== 'yes' && findings[column].detail !== '')
      .map((column) => {
        const { verdict, detail, advice } = findings[column];
        return `${signs[verdict]} ${host}  ${column}: ${detail}${advice ? `; ${advice}` : ''}`;
      }),
  );
  return [...tableLines(['HOST', ...columns.map((column) => column.toUpperCase())], rows), ...remarks];
}

function exitCodeOf(checked: readonly Checked[]): number {
  if (checked.some(({ reached }) => !reached)) return exitCodes.unreachable;
  const faulty = checked.some(({ findings }) => columns.some((column) => findings[column].verdict === 'no'));
  return faulty ? exitCodes.failed : exitCodes.done;
}
