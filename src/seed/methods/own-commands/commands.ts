// The two commands of the inventory that carry a seed's data, and what they are given.
import { type NamedCommand, stepCommandAt } from '../../../custom/named.ts';
import { givenTo } from '../../../custom/plan.ts';
import type { CustomUnit } from '../../../custom/start-command.ts';
import type { Host } from '../../../inventory/settings.ts';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import { portsOf } from '../../place.ts';
import type { SeedRequest, Side } from '../../request.ts';

/** A copy may take hours. */
const defaultDeadlineMs = 24 * 3_600_000;

export const senderOf = (host: Pick<Host, 'commands'>) => stepCommandAt(host, 'send', defaultDeadlineMs);
export const receiverOf = (host: Pick<Host, 'commands'>) => stepCommandAt(host, 'receive', defaultDeadlineMs);

/** The new data, as the receiver sees it (seed-own.sh). */
const receiverFolder = '/mnt';
/** The last port of seed.ports: the listener of the job takes the first that is free. */
export const portOf = ({ host }: Pick<Side, 'host'>): number => portsOf(host).last;

/** The units of the two. */
export const sendRole = 'own-send';
export const receiveRole = 'own-receive';

type Given = Pick<CustomUnit, 'line' | 'words' | 'seconds'>;
type Both =
  | { readonly ok: true; readonly sender: Given; readonly receiver: Given; readonly target: Side }
  | Extract<Planned, { ok: false }>;

/** `root`: the folder that is read on the donor. */
export function givenBoth({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>, root: string): Both {
  const [target] = targets;
  const [send, receive] = [senderOf(donor.host), target && receiverOf(target.host)];
  if (!target || !send || !receive)
    return refusal('the inventory has no commands.send and commands.receive for it', '');
  const port = String(portOf(target));
  const sender = given(send, donor, [
    ['directory', root],
    ['targetHost', target.host.ssh.host],
    ['port', port],
  ]);
  if (!sender.ok) return sender;
  const receiver = given(receive, target, [
    ['directory', receiverFolder],
    ['port', port],
  ]);
  return receiver.ok ? { ok: true, sender, receiver, target } : receiver;
}

/** A line gets all of them as arguments, in the order of orchestrator-agent; a list names those that it gets. */
function given(command: NamedCommand, { host, report }: Side, values: readonly (readonly [string, string])[]) {
  const asked = givenTo({ command, host, report, values: Object.fromEntries(values) });
  return asked.ok && asked.line !== undefined ? { ...asked, words: values.map(([, value]) => value) } : asked;
}
