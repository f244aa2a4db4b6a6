// The words of seed-way.sh. `folder`: the job's on that host; `target`: its short name there.
import { namedWords, wordOf } from './named-words.ts';

/** A relay is the ssh channel through this machine. */
export type PeerKind = 'ssh' | 'tls' | 'plain';

interface WordsOf {
  /** Reads a script after what may call, to the line `#MARK`. */
  readonly open: { readonly kind: PeerKind; readonly mark: string };
  /** The folder of the unit that listens. */
  readonly port: { readonly unit: string };
  readonly prove: { readonly target: string };
  /** The target that passes on; empty: none does. */
  readonly behind: { readonly target: string; readonly before: string };
  readonly list: { readonly target: string };
  readonly sums: { readonly target: string };
  readonly knows: { readonly target: readonly string[] };
  /** A second; 0: no limit. */
  readonly limit: { readonly bytes: number };
  readonly room: { readonly datadir: string };
  readonly shut: Readonly<Record<never, string>>;
}

export const wayWords = <Verb extends keyof WordsOf>(verb: Verb, folder: string, own: WordsOf[Verb]): string[] => [
  verb,
  ...namedWords({ folder, ...own }),
];

/** Of `open`. Plans up to format 2 have it in its place. */
export function peerKindIn(args: readonly string[]): PeerKind {
  const kind = wordOf(args, 'kind') ?? args[2];
  return kind === 'tls' || kind === 'plain' ? kind : 'ssh';
}

/** Of `limit`: bytes a second; 0: none. The same of older plans. */
export const limitIn = (args: readonly string[]): number => Number(wordOf(args, 'bytes') ?? args[2] ?? 0);

/** `limit`, with another one: in the words that the job's own script takes. */
export const limitedTo = (args: readonly string[], bytes: number): string[] =>
  args.map((word, at) => {
    if (word.startsWith('bytes=')) return `bytes=${bytes}`;
    return at === 2 && wordOf(args, 'bytes') === undefined ? String(bytes) : word;
  });
