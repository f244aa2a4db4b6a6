// The hosts of a first inventory: those that were named, and all that they replicate with, as far as they let reseed in.
import type { FleetPicture, HostPicture } from '../../fleet/picture.ts';
import { askOnce } from '../../fleet/polling/once.ts';
import { type Entries, type Entry, firstInventory, foundEntry, type Login } from '../../inventory/first.ts';
import { formatProblem, parseInventory } from '../../inventory/inventory.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import { cleanLine } from '../../text/clean.ts';
import { given, type Result, refused } from '../result.ts';
import type { AskingHosts } from './ask.ts';
import { targetOf } from './target-of.ts';

export interface First {
  readonly text: string;
  readonly picture: FleetPicture;
}

/** A chain of replicas is followed so far. */
const maxRounds = 8;

/** Asks, adds what was found, and asks again until nothing new is found. `file`: the inventory's name in problems. */
export async function firstHosts(
  named: Entries,
  login: Login,
  file: string,
  asking: AskingHosts,
): Promise<Result<First>> {
  let entries: Map<string, Entry> = new Map(named);
  for (let round = 1; ; round++) {
    const asked = await pictureOf(firstInventory(entries, login), file, asking);
    if (!asked.ok) return asked;
    const picture = asked.value;
    const known = entries.size;
    // What an inventory can not have is left for the operator: a second server of a machine, an address that a replica made up.
    for (const { yaml } of picture.discovered) {
      const found = foundEntry(yaml, entries);
      const more = found && new Map([...entries, found]);
      if (more && read(firstInventory(more, login), file).ok) entries = more;
    }
    if (entries.size === known || round === maxRounds || asking.signal.aborted) {
      return given({ text: firstInventory(entries, login, aboutHosts(picture)), picture });
    }
  }
}

const read = (text: string, fileName: string) => parseInventory(text, { fileName, environment: process.env });

async function pictureOf(text: string, file: string, asking: AskingHosts): Promise<Result<FleetPicture>> {
  const first = read(text, file);
  if (!first.ok) {
    const message = first.problems.map(formatProblem).join('; ');
    return refused({ kind: 'usage', message: `no inventory can be made of these: ${message}`, advice: '' });
  }
  const { inventory } = first;
  const script = await scriptText('probe');
  const remotes = openRemotes({ environment: process.env });
  const picture = await askOnce({
    inventory,
    script,
    open: (host) => remotes.open(targetOf(host, inventory)),
    ...asking,
  });
  await remotes.close();
  return given(picture);
}

const aboutHosts = ({ hosts }: FleetPicture): ReadonlyMap<string, string> =>
  new Map(hosts.map((host) => [host.host.name, cleanLine(aboutHost(host))]));

/** `replica of db1`, `primary`; `did not answer: connection refused`. */
function aboutHost({ link, role, sources }: HostPicture): string {
  if (link.state === 'failed') return `did not answer: ${link.failure.message}`;
  if (role === 'unknown') return 'its server is down, or could not be asked';
  return sources.length > 0 ? `replica of ${sources.join(', ')}` : role;
}
