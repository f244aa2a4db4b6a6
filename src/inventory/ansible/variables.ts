// The variables of Ansible that say how to reach a host, and the settings of reseed that they become.
import { sshArguments } from './ssh-arguments.ts';

/** A setting of reseed: its keys, joined by dots. */
export type SettingPath = 'sudo' | `ssh.${'host' | 'port' | 'user' | 'identity' | 'knownHosts' | 'jump' | 'transport'}`;

/** A request that reseed does not do: reported once, and the inventory is read all the same. */
export interface Unused {
  readonly what: string;
  readonly instead: string;
}

/** What the text of a variable means to reseed. */
export interface Meaning {
  readonly settings?: Partial<Record<SettingPath, string>>;
  readonly unused?: readonly Unused[];
  /** The text can't be used, and the inventory is refused: says what to write. */
  readonly refused?: string;
}

interface ReadVariable {
  readonly meaning: (text: string) => Meaning;
  /** The variable's value does not matter: a template or an encrypted value is fine. */
  readonly anyValue?: true;
}

const setting =
  (path: SettingPath) =>
  (text: string): Meaning => ({ settings: { [path]: text } });

const unused = (what: string, instead: string): Meaning => ({ unused: [{ what, instead }] });

const password = {
  anyValue: true,
  meaning: () =>
    unused('is not used: reseed logs in by key', 'name the key in ansible_ssh_private_key_file, or start an agent'),
} as const;
const becomePassword = {
  anyValue: true,
  meaning: () =>
    unused('is not used: reseed runs sudo -n', 'let the account use sudo without a password: reseed sudoers'),
} as const;

/**
 * By name. Of two for one setting the later wins, as in Ansible (ssh connection plugin, `vars`), where the old names
 * come last. The arguments of ssh come first: `ansible_port` and the like overrule them.
 */
const readVariables: ReadonlyMap<string, ReadVariable> = new Map<string, ReadVariable>([
  ['ansible_ssh_extra_args', { meaning: sshArguments }],
  ['ansible_ssh_common_args', { meaning: sshArguments }],
  ['ansible_ssh_args', { meaning: sshArguments }],
  ['ansible_host', { meaning: setting('ssh.host') }],
  ['ansible_ssh_host', { meaning: setting('ssh.host') }],
  ['ansible_port', { meaning: setting('ssh.port') }],
  ['ansible_ssh_port', { meaning: setting('ssh.port') }],
  ['ansible_user', { meaning: setting('ssh.user') }],
  ['ansible_ssh_user', { meaning: setting('ssh.user') }],
  ['ansible_private_key_file', { meaning: setting('ssh.identity') }],
  ['ansible_ssh_private_key_file', { meaning: setting('ssh.identity') }],
  ['ansible_connection', { meaning: connection }],
  ['ansible_sudo', { meaning: (text) => ({ settings: { sudo: truth(text) } }) }],
  ['ansible_become', { meaning: (text) => ({ settings: { sudo: truth(text) } }) }],
  ['ansible_become_method', { meaning: (text) => (text === 'sudo' ? {} : onlySudo(text)) }],
  ['ansible_become_user', { meaning: becomeUser }],
  ['ansible_sudo_user', { meaning: becomeUser }],
  ['ansible_become_password', becomePassword],
  ['ansible_become_pass', becomePassword],
  ['ansible_sudo_pass', becomePassword],
  ['ansible_password', password],
  ['ansible_ssh_pass', password],
  ['ansible_ssh_password', password],
  ['ansible_host_key_checking', { meaning: keyChecking }],
  ['ansible_ssh_host_key_checking', { meaning: keyChecking }],
  // Decides between groups of one depth; it is no setting.
  ['ansible_group_priority', { meaning: () => ({}) }],
]);

/** Their names, in the order in which later ones overrule earlier ones. */
export const readNames: readonly string[] = [...readVariables.keys()];

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

function connection(text: string): Meaning {
  if (text === 'local') return { settings: { 'ssh.transport': 'local' } };
  if (['ssh', 'smart', 'paramiko', 'paramiko_ssh', 'ansible.builtin.ssh'].includes(text)) return {};
  return unused(`${text} is not used: reseed reaches hosts by ssh`, 'leave the host out if it has no sshd');
}

function onlySudo(method: string): Meaning {
  return unused(`${method} is not used: reseed knows sudo alone`, 'let the account use sudo, or log in as root');
}

function becomeUser(text: string): Meaning {
  if (text === 'root') return {};
  return unused(`${text} is not used: reseed works as root`, 'let the account use sudo as root: reseed sudoers');
}

function keyChecking(text: string): Meaning {
  if (truth(text) !== 'false') return {};
  return unused('is not used: reseed verifies every host key', 'reseed trust HOST adds a key that you have compared');
}
