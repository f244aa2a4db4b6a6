// group_vars/ and host_vars/ beside an inventory: the variables that Ansible's plugin host_group_vars adds.
import { printable } from '../problem.ts';
import { described, entriesOf } from '../reading/tree.ts';
import { readYaml } from '../reading/yaml.ts';
import { vaultMark } from './foreign.ts';
import { setVariable, type Variables } from './groups.ts';
import type { Reports } from './translate.ts';

export type VariableFolder = 'group_vars' | 'host_vars';

/** A file of variables, or why it can't be read. `shown` is what problems call it. */
export type VariableFile = { readonly shown: string } & ({ readonly text: string } | { readonly unreadable: string });

/** The files of a group or a host, in the order in which Ansible reads them; the last value of a variable counts. */
export type FilesBeside = (folder: VariableFolder, name: string) => readonly VariableFile[];

/** The variables of a group or a host from its files. Each file is read once. */
export type FileVariables = (folder: VariableFolder, name: string) => Variables;

export function fileVariables(beside: FilesBeside, reports: Reports): FileVariables {
  const known = new Map<string, Variables>();
  return (folder, name) => {
    const key = `${folder}/${name}`;
    const variables: Variables = known.get(key) ?? new Map();
    if (!known.has(key)) for (const file of beside(folder, name)) readFile(file, variables, reports);
    known.set(key, variables);
    return variables;
  };
}

function readFile(file: VariableFile, variables: Variables, { complain, note }: Reports): void {
  const start = { file: file.shown, line: 1, column: 1 };
  if ('unreadable' in file) {
    complain(start, `this file of variables ${file.unreadable}`, 'make it readable, or take it away');
    return;
  }
  if (file.text.startsWith(vaultMark)) {
    const where = 'put what says how hosts are reached into a file that is not encrypted';
    note(start, 'is encrypted (Ansible Vault), and nothing of it is read', where);
    return;
  }
  const { tree } = readYaml(file.text.replace(/^\uFEFF/, ''), complain, file.shown);
  if (tree.kind === 'text' || tree.kind === 'list') {
    complain(tree.at, `the file ${printable(file.shown)} is ${described(tree)}`, 'write variables: name: value');
  }
  for (const { key, value } of entriesOf(tree)) setVariable(variables, key, value);
}
