// A receiver of the file: its settings, and what zod can't check: that its keys go with its kind, and that the hosts and clusters which it
// names exist.
import { checked } from './check.ts';
import { commandName } from './commands.ts';
import { checkNames, hostsOf, type KnownHosts } from './hosts-of.ts';
import { carefulKey, carefully } from './kept-back.ts';
import { type Complain, quoted } from './problem.ts';
import { type Entry, entriesOf, type Tree } from './reading/tree.ts';
import { heartbeatSchema, type ReceiverSettings, receiverSchema } from './schema.ts';
import type { Environment, NotifyEvent, Receiver, ReceiverWay, SecretUrl } from './settings.ts';

interface Context {
  readonly environment: Environment;
  readonly complain: Complain;
}

type Kind = ReceiverSettings['to'];

const urlKeys = ['urlFile', 'urlVariable'] as const;
const keysOf: Readonly<Record<Kind, readonly string[]>> = {
  slack: urlKeys,
  teams: urlKeys,
  webhook: urlKeys,
  mail: ['recipients', 'from', 'sendmail'],
  command: ['run'],
};

const usualEvents: readonly NotifyEvent[] = ['needs-person', 'failed', 'missed', 'proof-failed'];
const usualAgainMs = 4 * 3_600_000;
/** Where the Linux Standard Base has it, and the BSDs. */
const usualSendmail = '/usr/sbin/sendmail';

/** None where something is wrong with it, which is then reported. */
export function receiverIn(
  { key: name, at, value }: Entry,
  known: KnownHosts,
  { environment, complain }: Context,
): Receiver[] {
  if (!commandName.test(name)) {
    complain(
      at,
      `a receiver cannot be named ${carefulKey(name)}`,
      'write letters, digits, . _ and -, with a letter first',
    );
    return [];
  }
  if (value.kind === 'text' || value.kind === 'list') {
    const what = `notify ${quoted(name)} is ${carefully(value, 'notify')}`;
    complain(value.at, what, 'write a map: { to: slack, urlFile: ~/.config/reseed/slack.url }');
    return [];
  }
  // A name without settings has its problems at the name.
  const tree = value.kind === 'unset' ? { ...value, at } : value;
  const settings = checked(tree, receiverSchema(environment), `notify ${quoted(name)}`, complain, true);
  if (!settings) return [];
  checkKeys(name, tree, settings, complain);
  checkNames(tree, known, complain);
  const way = wayOf(name, at, settings, complain);
  if (!way) return [];
  const { on = usualEvents, again = usualAgainMs } = settings;
  const hosts = hostsOf(settings, known.hosts);
  if (hosts?.length === 0)
    complain(at, `notify ${quoted(name)} is told of no host`, 'name other hosts, clusters or labels');
  return [{ name, on, ...(hosts && { hosts }), againMs: again, way }];
}

function checkKeys(name: string, tree: Tree, { to }: ReceiverSettings, complain: Complain): void {
  for (const entry of entriesOf(tree)) {
    const kinds = Object.entries(keysOf).flatMap(([kind, keys]) => (keys.includes(entry.key) ? kind : []));
    if (kinds.length === 0 || keysOf[to].includes(entry.key) || entry.value.kind === 'unset') continue;
    const what = `${entry.key} is for to: ${kinds.join(', ')}, and notify ${quoted(name)} is ${to}`;
    complain(entry.at, what, 'leave it out');
  }
}

function wayOf(name: string, at: Entry['at'], settings: ReceiverSettings, complain: Complain): ReceiverWay | undefined {
  const { to, recipients, from, sendmail = usualSendmail, run } = settings;
  const missing = (key: string, instead: string) => {
    complain(at, `${key} is missing: notify ${quoted(name)} is ${to}`, instead);
    return undefined;
  };
  switch (to) {
    case 'mail':
      if (!recipients) return missing('recipients', 'write recipients: dba@example.com');
      return { to, recipients, ...(from !== undefined && { from }), sendmail };
    case 'command':
      return run ? { to, run } : missing('run', 'write run: [/PATH/OF/PROGRAM, ARGUMENT...]');
    default: {
      const url = urlOf(`notify ${quoted(name)}`, at, settings, complain);
      return url && { to, url };
    }
  }
}

function urlOf(
  what: string,
  at: Entry['at'],
  { urlFile, urlVariable }: Pick<ReceiverSettings, (typeof urlKeys)[number]>,
  complain: Complain,
): SecretUrl | undefined {
  if (urlFile !== undefined && urlVariable !== undefined) {
    complain(at, `${what} has urlFile and urlVariable`, 'leave out one of the two');
  }
  if (urlFile !== undefined) return { file: urlFile };
  if (urlVariable !== undefined) return { variable: urlVariable };
  const instead = 'write urlFile: PATH, or urlVariable: NAME; the URL itself is a secret, and does not belong here';
  complain(at, `the URL of ${what} is missing`, instead);
  return undefined;
}

export function heartbeatIn(entry: Entry | undefined, { environment, complain }: Context): SecretUrl | undefined {
  if (!entry || entry.value.kind === 'unset') return undefined;
  const { at, value } = entry;
  if (value.kind !== 'map') {
    complain(
      value.at,
      `heartbeat is ${carefully(value, 'heartbeat')}`,
      'write a map: { urlFile: ~/.config/reseed/heartbeat.url }',
    );
    return undefined;
  }
  const settings = checked(value, heartbeatSchema(environment), 'heartbeat', complain, true);
  return settings && urlOf('heartbeat', at, settings, complain);
}
