// What seed-facts.sh tells of a host before it gives or takes a datadir. Pure.
import { cleanLine } from '../text/clean.ts';

export interface SeedFacts {
  /** machine-id(5): two hosts with one are the same machine, or copies of an image. */
  readonly machine: string;
  /** With every link on the way resolved. */
  readonly datadir: string;
  /** `mysql:mysql`; absent where there is no datadir. */
  readonly owner?: string;
  /** What an ordinary user may still write beside the datadir's files. */
  readonly freeBytes?: number;
  /** Of all files of the datadir; absent where counting took too long. */
  readonly dataBytes?: number;
  /** Whether the datadir is where a file system is mounted. */
  readonly isMountPoint: boolean;
  /** Links below the datadir, of file systems and of InnoDB: what they lead to is on no snapshot of it. */
  readonly links: readonly string[];
  /** What another seed has left in the datadir, and who that was. */
  readonly half: readonly string[];
  readonly tools: readonly string[];
  readonly cpus: number;
  /** What `mysqld --version` prints. */
  readonly program?: string;
  /** `app@10.0.0.7`: sessions that are neither the system's nor replicas'. */
  readonly writers: readonly string[];
  /** `MyISAM 12`: tables that crash recovery does not know. */
  readonly foreignEngines: readonly string[];
  /** The address that a call to a peer would come from, by the peer's address. */
  readonly routes: Readonly<Record<string, string>>;
  /** As the running server has them, or as its option files say. */
  readonly variables: Readonly<Record<string, string>>;
}

/** undefined: this is not what the script prints. */
export function readSeedFacts(text: string): SeedFacts | undefined {
  const rows = text.split('\n').map((line) => {
    const [name = '', ...words] = cleanLine(line).split(' ');
    return { name, rest: words.join(' ').trim() };
  });
  const all = (name: string) => rows.filter((row) => row.name === name).map(({ rest }) => rest);
  const one = (name: string) => all(name).find((value) => value !== '');
  const machine = one('machine');
  const datadir = one('datadir');
  if (machine === undefined || datadir === undefined) return undefined;
  const number = (name: string) => (/^\d+$/.test(one(name) ?? '') ? Number(one(name)) : undefined);
  const pairs = (name: string) => Object.fromEntries(all(name).map((rest) => firstAndRest(rest)));
  const freeBytes = number('free_bytes');
  const dataBytes = number('data_bytes');
  const owner = one('owner');
  const program = one('program');
  const [device, above] = (one('device') ?? '').split(' ');
  return {
    machine,
    datadir,
    ...(owner !== undefined && { owner }),
    ...(freeBytes !== undefined && { freeBytes }),
    ...(dataBytes !== undefined && { dataBytes }),
    isMountPoint: device !== above,
    links: all('links'),
    half: all('half'),
    tools: all('tools'),
    cpus: number('cpus') ?? 1,
    ...(program !== undefined && { program }),
    writers: all('writers'),
    foreignEngines: all('foreign_engine'),
    routes: pairs('route'),
    variables: pairs('variable'),
  };
}

function firstAndRest(text: string): [string, string] {
  const cut = text.indexOf(' ');
  return cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1).trim()];
}
