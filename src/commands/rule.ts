// reseed rule: which replicas meet a rule of the inventory, since when, what is planned for them, and whether a rule may begin that by itself.
import { Command } from 'commander';
import type { Rule } from '../inventory/settings.ts';
import { whoLine } from '../job/who.ts';
import { author, type JobStore } from '../operations/jobs/job-store.ts';
import { byItselfOf, proposalOf } from '../operations/rules/told.ts';
import { quietLook } from '../operations/watch/watch.ts';
import { hoursText } from '../rules/hours.ts';
import { conditionName, isOfRule } from '../rules/match.ts';
import { shortDuration } from '../text/amounts.ts';
import { unicodeSigns } from '../text/badge.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from './answer.ts';
import { type HostOptions, inventoryFlag } from './hosts/targets.ts';
import { quietLookLine } from './schedule/list.ts';
import { inJournal, readSchedules, refusedPath } from './schedule/read-schedules.ts';

export function ruleCommand(): Command {
  const group = new Command('rule').description(
    'replicas whose recovery a rule of the inventory has planned (rules); ticks of schedules look for them',
  );
  const verb = (name: string, description: string, examples: readonly string[]) =>
    group
      .command(name)
      .description(description)
      .option(...inventoryFlag)
      .option('--json', 'answer in JSON')
      .addHelpText('after', exampleText(examples));
  const ofOne = (name: 'enable' | 'disable', description: string) =>
    verb(name, description, [`reseed rule ${name} broken`])
      .argument('<rule>', 'its name in the inventory')
      .action((rule: string, options: HostOptions) => switched(rule, options, name === 'enable'));
  verb('list', 'every rule, the replicas that meet it, since when, and the plan', [
    'reseed rule list',
    'reseed rule list --json',
  ]).action(list);
  ofOne('enable', 'let a rule with auto: true begin its plans by itself again');
  ofOne('disable', 'keep a rule from beginning anything, on this machine and for this account; it plans as before');
  return group.addHelpText('after', exampleText(['reseed rule list', 'reseed rule disable broken']));
}

async function list(options: HostOptions): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  const { rules = [] } = read.inventory;
  const nowMs = Date.now();
  const found = inJournal(options, (store) => ({
    met: store.journal.looks
      .conditions(read.path)
      .filter(isOfRule)
      .map((one) => ({
        ...one,
        told: proposalOf(store, one, read.path),
        byItself: byItselfOf(store, one, read.path),
      })),
    noLook: quietLook(store, read.inventory, read.path, nowMs),
    off: new Set(rules.filter((rule) => offOf(store, read.path, rule)).map(({ name }) => name)),
  }));
  if (!found) return;
  const { met, off, noLook } = found;
  if (options.json) {
    const all = met.map(({ host, name, text, sinceMs, told, byItself }) => ({
      host,
      rule: rules.find((rule) => conditionName(rule) === name)?.name ?? null,
      text,
      sinceMs,
      plan: told ? { title: told.title, lines: told.lines, recovery: told.recovery ?? null } : null,
      byItself: byItself ?? null,
    }));
    const told = rules.map((rule) => ({ ...rule, isOff: off.has(rule.name) }));
    printJson('rules', { rules: told, met: all, isQuiet: noLook !== undefined });
    return;
  }
  if (rules.length === 0) return printLine('the inventory has no rules');
  const rows = rules.map((rule) => {
    const { name, when, forMs, hosts, method } = rule;
    const words = [when.join(','), shortDuration(forMs), hosts?.join(',') ?? 'all', method ?? 'the best'];
    return [name, ...words, autoText(rule, off.has(name))];
  });
  for (const line of tableLines(['RULE', 'WHEN', 'FOR', 'HOSTS', 'METHOD', 'BY ITSELF'], rows)) printLine(line);
  for (const { host, text, sinceMs, told, byItself } of met) {
    printLine(told?.title ?? `${unicodeSigns.waiting} ${host}: ${text}, for ${shortDuration(nowMs - sinceMs)}`);
    for (const line of [...(told?.lines ?? []), ...(byItself === undefined ? [] : [byItself])]) printLine(`  ${line}`);
  }
  if (noLook) printLine(quietLookLine(noLook, nowMs));
}

const offOf = ({ journal }: JobStore, path: string, rule: Rule) =>
  journal.schedules.states(path).get(conditionName(rule))?.off;

function autoText({ auto }: Rule, isOff: boolean): string {
  if (!auto) return 'no';
  return isOff ? 'switched off' : hoursText(auto.between, auto.timezone);
}

async function switched(name: string, options: HostOptions, on: boolean): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  const { rules = [], file } = read.inventory;
  const rule = rules.find((one) => one.name === name);
  if (!rule?.auto) {
    exitWith(exitCodes.usage);
    const message = rule ? `rule ${name} begins nothing: it has no auto: true` : `${file} has no rule ${name}`;
    const advice = rule ? '' : `it has ${rules.map((one) => one.name).join(', ') || 'none'}`;
    return printFailure(options.json, { error: 'usage', message, advice });
  }
  const off = on ? undefined : whoLine(author().who);
  const done = inJournal(options, (store) => {
    const nowMs = Date.now();
    if (refusedPath(options, store, read.path, 'rules')) return undefined;
    store.journal.schedules.switch(read.path, conditionName(rule), off, nowMs);
    return { noLook: quietLook(store, read.inventory, read.path, nowMs) };
  });
  if (!done) return;
  const { noLook } = done;
  if (options.json) return printJson('rule', { name, isOn: on, isQuiet: noLook !== undefined });
  printLine(
    on
      ? `rule ${name} may begin its plans by itself, ${autoText(rule, false)}`
      : `rule ${name} begins nothing by itself for ${off} and ${read.path}, until reseed rule enable ${name}; it plans as before, and other accounts and jump hosts, and a job that it began, go on`,
  );
  if (!on && noLook)
    printLine(
      '! nothing was stopped by that: no tick of this account on this machine looks at this inventory. Disable it where its ticks are, as the message of the plan says, or write auto: false into their inventory',
    );
}
