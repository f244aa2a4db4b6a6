// What commands.receive needs to take data: noted where the file is read, and refused where a seed is planned by them.
import type { Complain } from './problem.ts';
import { type Entry, entriesOf, entryAt, type Tree } from './reading/tree.ts';
import type { LayeredHost } from './references.ts';

export function noteCarrying({ parts }: LayeredHost, note: Complain): void {
  const entries = parts.flatMap((part) => entriesOf(entryAt(part, 'commands')?.value));
  const of = (name: string) => entries.filter(({ key }) => key === name);
  const [receive] = of('receive');
  if (!receive) return;
  if (!of('receive').some(isInsecure)) {
    note(
      receive.at,
      'commands.receive opens a port that takes data from any host, unencrypted: seeds by it are refused',
      'write it as { run: ..., insecure: true } if you agree',
    );
  }
  const ports = parts
    .map((part) => textOf(entryAt(entryAt(part, 'seed')?.value, 'ports')?.value))
    .find((one) => one !== undefined);
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(ports ?? '') ?? [];
  if (first !== undefined && first === last) {
    note(
      receive.at,
      `commands.receive needs the last of seed.ports, and the listener of the job one more: there is ${ports} alone`,
      'write a range of two: 4444-4445',
    );
  }
}

const textOf = (tree: Tree | undefined): string | undefined => (tree?.kind === 'text' ? tree.text : undefined);
const isInsecure = ({ value }: Entry): boolean => textOf(entryAt(value, 'insecure')?.value) === 'true';
