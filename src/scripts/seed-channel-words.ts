// The words of the channels of a seed: seed-ssh.sh and seed-socat.sh. `kind`: of socat's two; ssh is told none.
import { namedWords } from './named-words.ts';

interface End {
  /** The job's, of this end. */
  readonly folder: string;
  readonly kind?: 'tls' | 'plain' | undefined;
}

interface Listening extends End {
  /** What callers call. */
  readonly address: string;
  /** Ports that may be listened on. */
  readonly first: number;
  readonly last: number;
  /** Addresses that calls come from; an empty one: any. socat takes one. */
  readonly callers: readonly string[];
}

export const keyWords = ({ folder, kind }: End): string[] => ['key', ...namedWords({ folder, ...kindOf(kind) })];

export const listenerWords = ({ folder, kind, address, first, last, callers }: Listening): string[] => [
  'listener',
  ...namedWords({ folder, address, first, last, caller: callers.map((one) => one || 'any'), ...kindOf(kind) }),
];

export const meetWords = ({ folder, kind, address }: End & { readonly address: string }): string[] => [
  'meet',
  ...namedWords({ folder, address, ...kindOf(kind) }),
];

const kindOf = (kind: End['kind']) => kind && { kind };
