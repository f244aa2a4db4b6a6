// The verbs that break hosts, heal them, and verify their data.

import type { Command } from 'commander';
import { faultNamed, faults } from '../../drill/faults/faults.ts';
import { healHost, makeFault, resumeHost } from '../../drill/faults/make.ts';
import { requireHostNamed } from '../../drill/hosts.ts';
import { replicasToVerify, type Verdict, verifyReplicas } from '../../drill/verify.ts';
import { unicodeSigns } from '../../text/badge.ts';
import { exitCodes, printJson, printLine, tableLines } from '../answer.ts';
import { type DrillOptions, inScene, verb } from './verb.ts';

export function faultVerb(): Command {
  const resume = { name: 'resume', help: 'let a paused machine go on', args: [] };
  const listed = [...faults, resume].map(({ name, help, args }) => {
    const words = [name, 'HOST', ...args.map((argument) => `[${argument.name}]`)].join(' ');
    return `  ${words.padEnd(34)}${help}`;
  });
  return verb('fault <name> <host> [args...]', 'break something, for real', [
    'reseed drill fault power-cut db2',
    'reseed drill fault slow db1 db2 10mbit 80ms',
    'reseed drill fault cut db3',
  ])
    .addHelpText('after', `\nFaults:\n${listed.join('\n')}`)
    .action((name: string, hostName: string, args: string[], options: DrillOptions) =>
      inScene(options, async ({ places, json, progress }) => {
        const resumes = name === resume.name;
        const fault = resumes ? undefined : faultNamed(name);
        const host = requireHostNamed(hostName);
        if (fault) await makeFault(places, fault, host, args, progress);
        else await resumeHost(places, host, progress);
        if (json) printJson('drill-fault', { fault: name, host: hostName, args });
        else
          printLine(
            fault ? `${hostName}: ${name}; to take it back: reseed drill heal ${hostName}` : `${hostName} goes on`,
          );
        return exitCodes.done;
      }),
    );
}

export function healVerb(): Command {
  return verb('heal <host>', 'take back every fault of a host', ['reseed drill heal db2']).action(
    (name: string, options: DrillOptions) =>
      inScene(options, async ({ places, json, progress }) => {
        const { healed, gone } = await healHost(places, requireHostNamed(name), progress);
        if (json) printJson('drill-heal', { host: name, healed, gone });
        else if (healed.length + gone.length === 0) printLine(`${name} has no fault`);
        else {
          if (healed.length > 0) printLine(`${name}: healed ${healed.join(', ')}`);
          for (const { fault, why } of gone) printLine(`${name}: ${fault} was gone already: ${why}`);
        }
        return exitCodes.done;
      }),
  );
}

export function verifyVerb(): Command {
  return verb('verify [replica...]', 'prove that replicas have exactly what their primary has', [
    'reseed drill verify db3',
  ]).action((names: string[], options: DrillOptions) =>
    inScene(options, async ({ places, json, progress }) => {
      const verdicts = await verifyReplicas(places, await replicasToVerify(places, names), progress);
      if (json) printJson('drill-verify', { verdicts });
      else for (const line of verdictLines(verdicts)) printLine(line);
      const isWrong = ({ differing, notOk }: Verdict) => differing.length > 0 || notOk.length > 0;
      return verdicts.some(isWrong) ? exitCodes.failed : exitCodes.done;
    }),
  );
}

function verdictLines(verdicts: readonly Verdict[]): string[] {
  const rows = verdicts.map(({ host, source, tables, differing, notOk }) => {
    const wrong = [
      ...(differing.length > 0 ? [`${unicodeSigns.bad} differs: ${differing.join(', ')}`] : []),
      ...(notOk.length > 0 ? [`${unicodeSigns.bad} CHECK TABLE: ${notOk.join('; ')}`] : []),
    ];
    return [host, source, wrong.join(' ') || `${unicodeSigns.good} ${Object.keys(tables).length} checksums equal`];
  });
  return tableLines(['REPLICA', 'PRIMARY', 'VERDICT'], rows);
}
