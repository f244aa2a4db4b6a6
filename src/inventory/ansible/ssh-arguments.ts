// ssh arguments in Ansible's variables (`-o ProxyJump=bastion -i ~/.ssh/fleet`) -> settings of reseed.
import { quoted } from '../problem.ts';
import type { Meaning, SettingPath, Unused } from './variables.ts';
import { wordsOf } from './words.ts';

/** Options that reseed decides itself, or that change nothing for it (ssh_config(5), in small letters). */
const ofNoInterest = new Set(
  (
    'addkeystoagent batchmode compression connectionattempts connecttimeout controlmaster controlpath controlpersist ' +
    'forwardagent forwardx11 gssapiauthentication kbdinteractiveauthentication loglevel passwordauthentication ' +
    'preferredauthentications pubkeyauthentication requesttty serveralivecountmax serveraliveinterval tcpkeepalive'
  ).split(' '),
);
/** reseed verifies host keys, whatever these options say. */
const ofHostKeys = new Set(['stricthostkeychecking', 'userknownhostsfile', 'checkhostip']);
const settingOfOption: Readonly<Record<string, SettingPath>> = {
  proxyjump: 'ssh.jump',
  port: 'ssh.port',
  user: 'ssh.user',
  identityfile: 'ssh.identity',
  userknownhostsfile: 'ssh.knownHosts',
};
/** ssh(1): letters that stand for an option, and letters without a value that mean nothing to reseed. */
const optionOfLetter: Readonly<Record<string, string>> = { J: 'proxyjump', p: 'port', l: 'user', i: 'identityfile' };
const lettersAlone = /^-[46AaCfGgKkMNnqsTtVvXxYy]+$/;
const letterWithValue = /^-([BbcDEeFIiJLlmOopQRSWw])(.*)$/s;

const noCommand = 'write the way through another host as -J bastion; reseed runs no ProxyCommand from an inventory';
const noCheck: Unused = {
  what: 'asks for no check of host keys, and reseed verifies every one',
  instead: 'reseed trust HOST adds a key that you have compared',
};
const elsewhere = 'write it in ~/.ssh/config, which reseed reads';

export function sshArguments(text: string): Meaning {
  const options = optionsIn(text);
  if (options === undefined) return { refused: 'close every quote' };
  const meanings = options.map(meaningOf);
  const refused = meanings.find((meaning) => meaning.refused !== undefined);
  if (refused) return refused;
  return {
    // ssh takes the first value of an option.
    settings: Object.assign({}, ...meanings.map(({ settings }) => settings).reverse()),
    unused: meanings.flatMap(({ unused = [] }) => unused),
  };
}

function meaningOf({ name, value }: Option): Meaning {
  if (name === 'proxycommand') {
    const jump = value === 'none' ? value : jumpOfCommand(value);
    return jump === undefined ? { refused: noCommand } : { settings: { 'ssh.jump': jump } };
  }
  if (ofHostKeys.has(name) && /^(?:no|off|accept-new|\/dev\/null)$/.test(value)) return { unused: [noCheck] };
  const path = settingOfOption[name];
  if (path !== undefined) return { settings: { [path]: value } };
  if (isOfNoInterest(name)) return {};
  return { unused: [{ what: `has ${quoted(name)}, which is not used`, instead: elsewhere }] };
}

interface Option {
  /** The option in small letters; or the letter with its dash, where it stands for no option. */
  readonly name: string;
  readonly value: string;
  /** A single word that is no option: the host, or an unknown flag. */
  readonly isWord?: true;
}

/** Undefined where a quote is not closed. */
function optionsIn(text: string): Option[] | undefined {
  const words = wordsOf(text);
  if ('unclosed' in words) return undefined;
  const options: Option[] = [];
  const rest = words.map((word) => word.text);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (lettersAlone.test(word)) continue;
    const [, letter, attached] = letterWithValue.exec(word) ?? [];
    if (letter === undefined) {
      options.push({ name: word, value: '', ...(!word.startsWith('-') && { isWord: true }) });
      continue;
    }
    const value = attached || (rest.shift() ?? '');
    if (letter !== 'o') {
      options.push({ name: optionOfLetter[letter] ?? `-${letter}`, value });
      continue;
    }
    const [, name = '', set = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)?(.*)$/s.exec(value) ?? [];
    options.push({ name: name.toLowerCase(), value: set.trim().replace(/^"(.*)"$/s, '$1') });
  }
  return options;
}

/** `ssh -W %h:%p -q ops@bastion -p 2222`: this command, from Ansible's own pages, means the same as a jump. */
function jumpOfCommand(command: string): string | undefined {
  const [, own] = /^\s*(?:exec\s+)?(?:\/usr\/bin\/)?ssh\s+(.*)$/s.exec(command) ?? [];
  const options = optionsIn(own ?? '') ?? [];
  const valuesOf = (name: string) => options.filter((option) => option.name === name).map(({ value }) => value);
  const hosts = options.filter(({ isWord }) => isWord).map(({ name }) => name);
  const known = (option: Option) =>
    option.isWord || ['-W', 'user', 'port'].includes(option.name) || isOfNoInterest(option.name);
  const [host] = hosts;
  const forwards = valuesOf('-W').some((value) => /^(?:%h:%p|\[%h\]:%p)$/.test(value));
  if (host === undefined || hosts.length > 1 || !forwards || !options.every(known)) return undefined;
  const [[user], [port]] = [valuesOf('user'), valuesOf('port')];
  const withUser = user === undefined || host.includes('@') ? host : `${user}@${host}`;
  return port === undefined ? withUser : `${withUser}:${port}`;
}

function isOfNoInterest(name: string): boolean {
  return ofNoInterest.has(name) || ofHostKeys.has(name);
}
