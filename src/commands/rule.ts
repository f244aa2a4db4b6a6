// reseed rule list: which replicas meet a rule of the inventory, since when, and what is planned for them.
import { Command } from 'commander';
import { proposalOf } from '../operations/rules/told.ts';
import { conditionName, isOfRule } from '../rules/match.ts';
import { shortDuration } from '../text/amounts.ts';
import { unicodeSigns } from '../text/badge.ts';
import { exampleText, printJson, printLine, tableLines } from './answer.ts';
import { type HostOptions, inventoryFlag } from './hosts/targets.ts';
import { inJournal, readSchedules } from './schedule/read-schedules.ts';

export function ruleCommand(): Command {
  const group = new Command('rule').description(
    'replicas whose recovery a rule of the inventory has planned (rules); ticks of schedules look for them',
  );
  group
    .command('list')
    .description('every rule, the replicas that meet it, since when, and the plan')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .action(list);
  return group.addHelpText('after', exampleText(['reseed rule list']));
}

async function list(options: HostOptions): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  const { rules = [] } = read.inventory;
  const nowMs = Date.now();
  const found = inJournal(options, (store) =>
    store.journal.looks
      .conditions(read.path)
      .filter(isOfRule)
      .map((one) => ({ ...one, told: proposalOf(store, one, read.path) })),
  );
  if (!found) return;
  if (options.json) {
    const met = found.map(({ host, name, text, sinceMs, told }) => ({
      host,
      rule: rules.find((rule) => conditionName(rule) === name)?.name ?? null,
      text,
      sinceMs,
      plan: told ? { title: told.title, lines: told.lines } : null,
    }));
    printJson('rules', { rules, met });
    return;
  }
  if (rules.length === 0) return printLine('the inventory has no rules');
  const rows = rules.map(({ name, when, forMs, hosts, method }) => [
    name,
    when.join(','),
    shortDuration(forMs),
    hosts?.join(',') ?? 'all',
    method ?? 'the best',
  ]);
  for (const line of tableLines(['RULE', 'WHEN', 'FOR', 'HOSTS', 'METHOD'], rows)) printLine(line);
  for (const { host, text, sinceMs, told } of found) {
    printLine(told?.title ?? `${unicodeSigns.waiting} ${host}: ${text}, for ${shortDuration(nowMs - sinceMs)}`);
    for (const line of told?.lines ?? []) printLine(`  ${line}`);
  }
}
