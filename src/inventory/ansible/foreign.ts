// Files that are no inventory that reseed can read: programs, settings of plugins that ask a cloud, option files, the configuration of an agent.
import { type Complain, quoted } from '../problem.ts';
import { entryAt, type Tree } from '../reading/tree.ts';

/** The beginning of every text that Ansible Vault has encrypted. */
export const vaultMark = '$ANSIBLE_VAULT';

/** Whether the file is one of these; reports it if so. */
export function isForeign(text: string, fileName: string, complain: Complain): boolean {
  const [first = ''] = text.split(/\r?\n/, 1);
  const start = { line: 1, column: 1 };
  if (first.startsWith('#!')) {
    complain(start, `this is a program (${quoted(first)}), and reseed runs none`, askAnsible(fileName));
    return true;
  }
  if (text.startsWith(vaultMark)) {
    complain(start, 'this file is encrypted (Ansible Vault)', askAnsible(fileName));
    return true;
  }
  const at = optionLine(text) ?? agentLine(text);
  if (at === undefined) return false;
  const what = 'this line is of a configuration, and the file is no inventory';
  complain({ line: at, column: 1 }, what, 'name an inventory; of orchestrator-agent: reseed import-agent FILE');
  return true;
}

/** The first line of an INI with content: `password = secret`. Behind the name of a host no sign stands alone. */
function optionLine(text: string): number | undefined {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => !/^\s*([#;[]|$)/.test(line));
  const section = lines.slice(0, Math.max(at, 0)).findLast((line) => /^\s*\[/.test(line));
  const isOption = /^\s*[A-Za-z][A-Za-z0-9_.-]*\s+=/.test(lines[at] ?? '') && !/:vars\]/.test(section ?? '');
  return isOption ? at + 1 : undefined;
}

/** A key in JSON that every configuration of orchestrator-agent has. */
function agentLine(text: string): number | undefined {
  const at = text
    .split(/\r?\n/)
    .findIndex((line) => /^\s*\{?\s*"(AgentsServer|SnapshotMountPoint|CreateSnapshotCommand)"\s*:/.test(line));
  return at < 0 ? undefined : at + 1;
}

/** The settings of an inventory plugin (`aws_ec2.yml`) are a map with `plugin`. */
export function isPluginFile(root: Tree, fileName: string, complain: Complain): boolean {
  const plugin = entryAt(root, 'plugin');
  if (plugin?.value.kind !== 'text' || entryAt(root, 'hosts') || entryAt(root, 'all')) return false;
  const what = `this tells Ansible's plugin ${quoted(plugin.value.text)} how to find hosts; it names none itself`;
  complain(plugin.at, what, askAnsible(fileName));
  return true;
}

function askAnsible(fileName: string): string {
  return `have Ansible say its hosts, and name that file: ansible-inventory -i ${fileName} --list >hosts.json`;
}
