// reseed check: whether reseed can work on every host, and what to do where it cannot.
import { Command } from 'commander';
import { parseCheck } from '../../host/check.ts';
import type { Host } from '../../inventory/settings.ts';
import {
  answered,
  columns,
  dnsFinding,
  type Findings,
  notAnswered,
  notLookedUp,
  thisMachine,
  verdictBadges,
} from '../../operations/hosts/findings.ts';
import { ownTroubles } from '../../operations/hosts/own-programs.ts';
import { targetOf } from '../../operations/hosts/target-of.ts';
import { failureOf, unreadable } from '../../remote/failure.ts';
import { openRemotes, type Remotes } from '../../remote/open.ts';
import type { RemoteTarget, TransportName } from '../../remote/remote.ts';
import { nativeCrypto } from '../../remote/ssh2/native.ts';
import { checkWords } from '../../scripts/check-words.ts';
import { scriptText } from '../../scripts/script.ts';
import { signOf } from '../../text/badge.ts';
import { exampleText, exitCodes, exitWith, printJson, printLine } from '../answer.ts';
import { checkLines } from './check-table.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from './targets.ts';

/** Long enough for a hop or two and a slow .bashrc; every host is asked at the same time. */
const deadlineMs = 45_000;

interface Checked {
  readonly host: string;
  /** The transport that was used; null: none connected. */
  readonly transport: TransportName | null;
  /** Whether the host could be asked anything. */
  readonly reached: boolean;
  readonly findings: Findings;
}

export function checkCommand(): Command {
  return new Command('check')
    .description('whether reseed can do its work: names, keys, login, sudo, tools, mysql login and LVM of every host')
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
  const here = await ownTroubles(chosen.hosts);
  if (options.json)
    printJson('check', { inventory: chosen.inventory.file, nativeCrypto: nativeCrypto(), hosts: checked, here });
  else {
    for (const line of checkLines(checked, process.stdout.columns)) printLine(line);
    for (const { what, why } of here) printLine(`${signOf(verdictBadges.no)} this machine  ${what}: ${why}`);
  }
  const code = exitCodeOf(checked);
  exitWith(code === exitCodes.done && here.length > 0 ? exitCodes.failed : code);
}

async function checkHost(remotes: Remotes, host: Host, target: RemoteTarget, script: string): Promise<Checked> {
  const dns = target.transport === 'local' ? thisMachine : dnsFinding(await remotes.nameOf(target));
  if (dns.verdict === 'no') return told(host, notLookedUp(dns));
  const remote = remotes.open(target);
  const answer = await remote.exec(script, checkWords(host.mysql), { deadlineMs, label: 'check' });
  const transport = remote.transport ?? null;
  await remote.close();
  if (!answer.ok) return told(host, notAnswered(dns, answer), transport);
  const facts = parseCheck(answer.stdout);
  const misread = unreadable('the answer of check.sh was not understood', 'see what it printed', answer.stdout);
  const findings = facts ? answered(dns, facts) : notAnswered(dns, failureOf(misread, host.name, 'check'));
  return told(host, findings, transport);
}

function told({ name }: Host, findings: Findings, transport: TransportName | null = null): Checked {
  return { host: name, transport, reached: findings.ssh.verdict === 'yes', findings };
}

function exitCodeOf(checked: readonly Checked[]): number {
  if (checked.some(({ reached }) => !reached)) return exitCodes.unreachable;
  const faulty = checked.some(({ findings }) => columns.some((column) => findings[column].verdict === 'no'));
  return faulty ? exitCodes.failed : exitCodes.done;
}
