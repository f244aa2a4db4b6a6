// What --help of each verb prints: one opens it at night.
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { statusCommand } from '../../src/commands/hosts/status/status.ts';
import { jobCommand } from '../../src/commands/jobs/job/job.ts';
import { proofCommand } from '../../src/commands/jobs/proof.ts';
import { seedCommand } from '../../src/commands/jobs/seed/seed.ts';
import { snapshotCommand } from '../../src/commands/jobs/snapshot/snapshot.ts';
import { reportCommand } from '../../src/commands/report/report.ts';
import { scheduleCommand } from '../../src/commands/schedule/schedule.ts';

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 }).outputHelp();
  return text;
}

const verbs = [jobCommand(), snapshotCommand(), scheduleCommand()].flatMap((group) =>
  group.commands
    .filter((one) => one.name() !== 'run' || group.name() !== 'job')
    .map((one) => [group.name(), one] as const),
);

test.each(verbs.map(([group, verb]) => [`${group} ${verb.name()}`, verb] as const))(
  '%s has examples of itself',
  (name, verb) => {
    expect(helpOf(verb)).toContain(`  $ reseed ${name}`);
  },
);

test('the help of seed names the verb that tells which method can be used', () => {
  expect(helpOf(seedCommand()).replaceAll(/\s+/g, ' ')).toContain(
    'reseed methods DONOR TARGET tells which can be used',
  );
});

test('the help of status is as wide as a terminal, but for commands to copy', () => {
  const wide = helpOf(statusCommand())
    .split('\n')
    .filter((line) => line.length > 82 && !line.startsWith('  $ '));
  expect(wide).toEqual([]);
});

const timed = [proofCommand(), seedCommand(), ...reportCommand().commands].flatMap((command) =>
  command.options.flatMap((option) =>
    (option.description.match(/\b\d+ ?(?:[smhd]|min)\b/g) ?? []).map(
      (example) => [command.name(), option.long ?? '', example, option] as const,
    ),
  ),
);

test.each(timed)('a time that the help of %s %s shows is one that it takes: %s', (_verb, _name, example, option) => {
  expect(option.parseArg?.(example, undefined)).toBeGreaterThan(0);
});

test('the help of proof shows times, and that of report its default as it is written', () => {
  expect(timed.map(([verb, name, example]) => `${verb} ${name} ${example}`)).toContain('proof --within 90min');
  const help = reportCommand().commands.map(helpOf).join('').replaceAll(/\s+/g, ' ');
  expect(help).toContain('(default: 90d)');
  expect(help).not.toContain('7776000000');
});
