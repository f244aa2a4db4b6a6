// reseed import-agent FILE: for operators who come from orchestrator-agent.
import { readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { importAgent } from '../../inventory/agent/import.ts';
import { formatProblem } from '../../inventory/inventory.ts';
import { unicodeSigns } from '../../text/badge.ts';
import { cleanLine } from '../../text/clean.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson } from '../answer.ts';

interface Options {
  readonly host?: readonly string[];
  readonly json?: boolean;
}

const maxBytes = 4 * 1024 * 1024;

export function importAgentCommand(): Command {
  return new Command('import-agent')
    .description('print inventory lines for a configuration of orchestrator-agent, and what became of every key of it')
    .argument('<file>', "the agent's JSON, orchestrator's own JSON, or the TOML of the agent's rewrite")
    .option('--host <name...>', 'the hosts whose settings these are; left out: the defaults of all hosts')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      exampleText([
        'reseed import-agent /etc/orchestrator-agent.conf.json',
        'reseed import-agent agent.json --host db1 db2 >agent.yaml',
      ]),
    )
    .action(runImport);
}

function runImport(file: string, { host = [], json }: Options): void {
  const text = contentOf(file);
  if (typeof text !== 'string') {
    exitWith(exitCodes.usage);
    printFailure(json, { error: 'usage', message: `${file} ${text.why}`, advice: '' });
    return;
  }
  const odd = oddHost(host);
  if (odd !== undefined) {
    exitWith(exitCodes.usage);
    printFailure(json, { error: 'usage', message: odd, advice: '' });
    return;
  }
  const imported = importAgent(text, file, host);
  if (!imported.ok) {
    exitWith(exitCodes.usage);
    printFailure(json, { error: 'parse', message: formatProblem(imported.problem), advice: '' });
    return;
  }
  const { yaml, keys } = imported;
  if (json) {
    printJson('import-agent', { inventory: yaml, keys });
    return;
  }
  // The lines alone go to standard output, for a file.
  process.stdout.write(yaml);
  for (const { key, place, text: became, isLeft } of keys) {
    const at = place === undefined ? '' : ` (${place})`;
    process.stderr.write(`${isLeft ? unicodeSigns.warning : ' '} ${key}${at}: ${became}\n`);
  }
}

/** What is wrong with the names, before they become keys of the printed lines. */
function oddHost(hosts: readonly string[]): string | undefined {
  const twice = hosts.find((name, at) => hosts.indexOf(name) !== at);
  if (twice !== undefined) return `--host names ${cleanLine(twice)} twice: name each host once`;
  const slashed = hosts.find((name) => name.includes('/'));
  return slashed === undefined
    ? undefined
    : `--host ${cleanLine(slashed)}: a host of the inventory has no / in its name, since names become parts of paths`;
}

function contentOf(file: string): string | { readonly why: string } {
  try {
    const { size } = statSync(file);
    if (size > maxBytes) return { why: `can't be read: it has ${size} bytes, more than any configuration` };
    return readFileSync(file, 'utf8');
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { why: isAbsent ? 'does not exist' : `can't be read: ${error instanceof Error ? error.message : error}` };
  }
}
