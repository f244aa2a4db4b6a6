// Inventories of Ansible that reseed cannot read: programs, and settings of plugins that ask a cloud.
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
  return false;
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
