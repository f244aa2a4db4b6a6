// reseed trust: shows the keys of an unknown host, and saves them once a person has agreed.
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { targetOf } from '../../operations/hosts/target-of.ts';
import { shownWord } from '../../remote/call/quote.ts';
import type { Trouble } from '../../remote/failure.ts';
import { openRemotes } from '../../remote/open.ts';
import { isChange, type KeyChange, keyChange } from '../../remote/trust/changed-key.ts';
import { knownHostName } from '../../remote/trust/known-hosts.ts';
import { addKnownHost } from '../../remote/trust/known-hosts-file.ts';
import type { ShownKey, ShownKeys } from '../../remote/trust/trust.ts';
import { clockText } from '../../text/times.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from './targets.ts';

interface TrustOptions extends HostOptions {
  /** The fingerprint that the operator knows from another source. */
  readonly fingerprint?: string;
}

export function trustCommand(): Command {
  return new Command('trust')
    .description('show the ssh keys of a host, and add them to known_hosts')
    .argument('<host>', 'a host of the inventory')
    .option('--fingerprint <SHA256:...>', 'add the key with this fingerprint and no other, without being asked')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON; asks nothing, adds only what --fingerprint names')
    .addHelpText('after', exampleText(['reseed trust db7', 'reseed trust db7 --fingerprint SHA256:9yq...']))
    .action(trust);
}

async function trust(name: string, options: TrustOptions): Promise<void> {
  const chosen = await chooseHosts([name], options);
  const host = chosen?.hosts[0];
  if (!chosen || !host) return;
  const remotes = openRemotes({ environment: process.env });
  const shown = await remotes.hostKeys(targetOf(host, chosen.inventory));
  await remotes.close();
  if (!shown.ok) return tellTrouble(name, shown.trouble, options);
  const keys = shown.value;
  const change = await keyChange(keys);
  if (change.revoked !== undefined) {
    const message = `${name} shows a key that is revoked (${change.revoked}): it is not added`;
    return tellTrouble(
      name,
      { kind: 'refused', message, advice: 'find out who revoked it, and why', printed: '' },
      options,
    );
  }
  if (!options.json)
    for (const line of [...keyLines(name, keys, change), ...changeLines(name, keys, change)]) printLine(line);
  const known = options.fingerprint === undefined && isKnown(keys, change);
  const agreed = known ? [] : await agreedKeys(name, keys, change, options);
  const added = await addKeys(keys, agreed);
  const trusted = known || agreed.length > 0;
  exitWith(trusted ? exitCodes.done : exitCodes.refused);
  if (options.json) {
    const list = keys.keys.map(({ keyType, fingerprint }) => {
      return { keyType, fingerprint, known: whereKnown(fingerprint, change) !== undefined };
    });
    const { before: changed, ofNewTypes } = change;
    const { host: address, port } = keys;
    return printJson('trust', { host: name, address, port, keys: list, changed, ofNewTypes, trusted, added });
  }
  const done = added > 0 ? `${added} added to ${keys.file}` : 'already known, unchanged: nothing to add';
  printLine(trusted ? done : 'nothing was added');
}

const whereKnown = (fingerprint: string, { same }: KeyChange): string | undefined =>
  same.find((one) => one.fingerprint === fingerprint)?.where;

/** Whether every shown key is known, and no known key is missing: there is nothing to agree to. */
export const isKnown = ({ keys }: Pick<ShownKeys, 'keys'>, change: KeyChange): boolean =>
  !isChange(change) && keys.every(({ fingerprint }) => whereKnown(fingerprint, change) !== undefined);

function tellTrouble(name: string, { kind, message, advice }: Trouble, { json }: TrustOptions): void {
  exitWith(kind === 'unreachable' ? exitCodes.unreachable : exitCodes.refused);
  printFailure(json, { error: kind, message, advice, host: name });
}

/** A key that is known has its place; what has to be compared is said only where a key is not known. */
export function keyLines(name: string, shown: Pick<ShownKeys, 'host' | 'port' | 'keys'>, change: KeyChange): string[] {
  const { host, port, keys } = shown;
  const lines = [
    `${name} (${host} port ${port}) shows:`,
    ...keys.map(({ keyType, fingerprint }) => {
      const where = whereKnown(fingerprint, change);
      return `  ${keyType.padEnd(20)} ${fingerprint}${where === undefined ? '' : ` (already known, unchanged: ${where})`}`;
    }),
  ];
  if (isKnown(shown, change)) return lines;
  return [
    ...lines,
    'Compare each one. On the host itself, this prints what they have to be:',
    '  for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done',
  ];
}

/**
 * Only a fingerprint from another source, or a person at a terminal, can agree; in a pipe the answer is no. Returns the
 * keys to add.
 */
async function agreedKeys(
  name: string,
  shown: ShownKeys,
  change: KeyChange,
  { fingerprint, json }: TrustOptions,
): Promise<readonly ShownKey[]> {
  if (fingerprint !== undefined) return keysNamed(fingerprint, shown);
  if (json || !process.stdin.isTTY) return [];
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const all = shown.keys.length > 1 ? `all ${shown.keys.length} keys` : 'the key';
  const question = isChange(change)
    ? `The keys of ${name} have CHANGED. To trust ${all}, type changed`
    : `To trust ${all} of ${name}, type yes`;
  const answer = await lines.question(`${question}; to trust one, type its fingerprint: `);
  lines.close();
  return keysMeant(answer.trim(), shown, change);
}

/** The keys that a typed answer agrees to. For a changed key `yes` is not enough, since it is typed by habit. */
export function keysMeant(answer: string, shown: Pick<ShownKeys, 'keys'>, change: KeyChange): readonly ShownKey[] {
  return answer === (isChange(change) ? 'changed' : 'yes') ? shown.keys : keysNamed(answer, shown);
}

/** Only that key: another one shown beside it may be an attacker's. */
export const keysNamed = (named: string, { keys }: Pick<ShownKeys, 'keys'>): readonly ShownKey[] =>
  keys.filter(({ fingerprint }) => fingerprint === named);

/** Which key was trusted before, since when, and what happens to it. Empty: no key has changed. */
export function changeLines(
  name: string,
  { host, port }: Pick<ShownKeys, 'host' | 'port'>,
  { before, ofNewTypes }: KeyChange,
): string[] {
  const news =
    ofNewTypes.length === 0
      ? []
      : [
          `${name} IS KNOWN, BUT NOT BY A KEY OF THIS TYPE:`,
          ...ofNewTypes.map(({ keyType, fingerprint }) => `  ${keyType.padEnd(20)} ${fingerprint}`),
          'Either the host was given a new key, or another machine answers in its place. Find out which before you agree.',
        ];
  if (before.length === 0) return news;
  const files = [...new Set(before.map(({ where }) => where.replace(/:\d+$/, '')))];
  return [
    ...news,
    `THE KEY OF ${name} HAS CHANGED. Before, it was known by:`,
    ...before.map(({ keyType, fingerprint, where, fileWrittenMs }) => {
      const since = fileWrittenMs === undefined ? '' : `, since ${clockText(new Date(fileWrittenMs))} or longer`;
      return `  ${keyType.padEnd(20)} ${fingerprint} (${where}${since})`;
    }),
    'Either the host was reinstalled, or another machine answers in its place. Find out which before you agree.',
    'The old key stays trusted until its line is removed:',
    ...files.map((file) => `  ssh-keygen -R ${shownWord(knownHostName(host, port))} -f ${shownWord(file)}`),
  ];
}

async function addKeys({ file, host, port }: ShownKeys, keys: readonly ShownKey[]): Promise<number> {
  let added = 0;
  for (const { key } of keys) if (await addKnownHost(file, host, port, key)) added++;
  return added;
}
