// The variables of Ansible that say how a host is reached, and the settings of reseed that they are.

interface ReadVariable {
  /** The setting, key by key. */
  readonly setting: readonly [string] | readonly [string, string];
  /** The variable's text as reseed writes it; nothing if it says nothing to reseed, or advice on what to write. */
  readonly translate: (text: string) => string | undefined | { readonly instead: string };
}

const asItIs = (text: string) => text;

const readVariables: ReadonlyMap<string, ReadVariable> = new Map<string, ReadVariable>([
  ['ansible_host', { setting: ['ssh', 'host'], translate: asItIs }],
  ['ansible_port', { setting: ['ssh', 'port'], translate: asItIs }],
  ['ansible_user', { setting: ['ssh', 'user'], translate: asItIs }],
  ['ansible_ssh_private_key_file', { setting: ['ssh', 'identity'], translate: asItIs }],
  ['ansible_ssh_common_args', { setting: ['ssh', 'jump'], translate: jumpIn }],
  [
    'ansible_connection',
    { setting: ['ssh', 'transport'], translate: (text) => (text === 'local' ? 'local' : undefined) },
  ],
  ['ansible_become', { setting: ['sudo'], translate: truth }],
]);

export function isRead(name: string): boolean {
  return readVariables.has(name);
}

export function readVariable(name: string): ReadVariable | undefined {
  return readVariables.get(name);
}

/** Ansible's words for true and false. */
function truth(text: string): string {
  if (/^(true|yes|on|1|y|t)$/i.test(text)) return 'true';
  return /^(false|no|off|0|n|f)$/i.test(text) ? 'false' : text;
}

/** The jump of ssh arguments; the rest of them is for ~/.ssh/config, which ssh reads on its own. */
function jumpIn(text: string) {
  if (/ProxyCommand/i.test(text)) {
    return {
      instead: 'write the way through another host as -J bastion; reseed runs no ProxyCommand from an inventory',
    };
  }
  const [, jump] = /(?:^|\s)(?:-J\s*|-o\s*["']?ProxyJump\s*[=\s]\s*["']?)([^\s"']+)/i.exec(text) ?? [];
  return jump;
}
