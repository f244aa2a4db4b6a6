// The hosts that have snapshots of which a seed can be made: what reseed sees, and what commands of the inventory say (commands.snapshotHosts,
// commands.localSnapshotHosts). These are asked on the first host that answers, of all that have the same one.
import type { LogicalVolume } from '../../host/facts.ts';
import { marksOf } from '../../host/storage/snapshots.ts';
import { filled, writtenValues } from '../../inventory/placeholders.ts';
import type { CommandSettings, Host } from '../../inventory/settings.ts';
import { openRemotes } from '../../remote/open.ts';
import { customWords } from '../../scripts/custom-words.ts';
import { scriptText } from '../../scripts/script.ts';
import { listSnapshots } from '../../snapshot/list.ts';
import { cleanLine } from '../../text/clean.ts';
import { type Past, userOf } from '../plans/past.ts';
import type { Asked } from './ask.ts';

export interface SnapshotHost {
  readonly name: string;
  /** Absent: the inventory does not have it. */
  readonly host?: Host;
  /** What reseed sees, the newest first. */
  readonly snapshots: readonly { readonly volume: LogicalVolume; readonly ageMs?: number }[];
  /** `commands.snapshotHosts of db1`: who says that it has some. */
  readonly saidBy: readonly string[];
}

/** A snapshot that a seed takes its data from: whole, of the datadir, with its coordinates, and no job uses it. */
export function seenHosts(asked: readonly Asked[], past: Past): SnapshotHost[] {
  return asked.map(({ host, report }) => ({
    name: host.name,
    host,
    snapshots: listSnapshots([{ host, report }]).filter(
      ({ volume, ofDatadir }) =>
        ofDatadir && volume.valid && marksOf(volume).proved && !userOf(past, host.name, volume),
    ),
    saidBy: [],
  }));
}

/** With the names that commands printed, also of hosts that were not asked. */
export function withSaid(seen: readonly SnapshotHost[], told: readonly Told[], known: readonly Host[]): SnapshotHost[] {
  const said = told.flatMap(({ by, names }) => names.map((name) => [name, by] as const));
  const byName = Map.groupBy(said, ([name]) => nameOf(name, known));
  const saidOf = (name: string) => [...new Set((byName.get(name) ?? []).map(([, by]) => by))];
  const others = [...byName.keys()].filter((name) => !seen.some((one) => one.name === name));
  return [
    ...seen.map((one) => ({ ...one, saidBy: saidOf(one.name) })),
    ...others.map((name): SnapshotHost => {
      const host = known.find((one) => one.name === name);
      return { name, ...(host && { host }), snapshots: [], saidBy: saidOf(name) };
    }),
  ];
}

/** A command may print the address that the inventory has for a host. */
const nameOf = (said: string, known: readonly Host[]): string =>
  (known.find(({ name }) => name === said) ?? known.find(({ ssh }) => ssh.host === said))?.name ?? said;

export interface Told {
  readonly by: string;
  readonly names: readonly string[];
}

const seconds = 20;
const deadlineMs = 30_000;
/** Of hosts that a command names. */
const namesAtMost = 1000;
const nameLetters = /^[\w.:-]{1,255}$/;

/** `local`: of one datacenter alone, where there is such a command. `untold`: why a command gave no answer. */
export async function askSnapshotHosts(
  asked: readonly Asked[],
  local: boolean,
): Promise<{ readonly told: readonly Told[]; readonly untold: readonly string[] }> {
  const remotes = openRemotes({ environment: process.env });
  const script = await scriptText('ask');
  const answers = await Promise.all(
    commandsIn(asked, local).map(async ({ one, name, args }) => {
      const by = `commands.${name} of ${one.host.name}`;
      const remote = remotes.open(one.target);
      const answer = await remote.exec(script, args, { deadlineMs, label: name });
      await remote.close();
      return answer.ok ? toldIn(by, answer.stdout) : { untold: `${by} gave no list: ${answer.message}` };
    }),
  );
  await remotes.close();
  return {
    told: answers.flatMap((answer) => ('by' in answer ? [answer] : [])),
    untold: answers.flatMap(({ untold }) => untold ?? []),
  };
}

function toldIn(by: string, text: string): Told & { readonly untold?: string } {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const names = lines.filter((line) => nameLetters.test(line)).slice(0, namesAtMost);
  const strange = lines.find((line) => !nameLetters.test(line));
  const untold =
    strange === undefined
      ? undefined
      : `${by} printed a line that is no name of a host: ${cleanLine(strange.slice(0, 100))}`;
  return { by, names, ...(untold !== undefined && { untold }) };
}

interface Command {
  readonly one: Asked;
  readonly name: string;
  readonly args: readonly string[];
}

/** Each once, by its words and the datacenter. On a host that may not be changed none is run. */
function commandsIn(asked: readonly Asked[], local: boolean): Command[] {
  const all = asked
    .filter(({ host }) => !host.readOnly)
    .flatMap((one): Command[] => {
      const { commands } = one.host;
      const name = local && commands.localSnapshotHosts ? 'localSnapshotHosts' : 'snapshotHosts';
      const command: CommandSettings | undefined = Object.hasOwn(commands, name) ? commands[name] : undefined;
      const given = command && filled(command, writtenValues(one.host));
      return given?.ok ? [{ one, name, args: customWords({ line: given.line, words: given.words, seconds }) }] : [];
    });
  const byWords = Map.groupBy(all, ({ one, name, args }) => JSON.stringify([name, args, one.host.datacenter]));
  return [...byWords.values()].flatMap(([first]) => first ?? []);
}
