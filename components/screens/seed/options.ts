// The options of a seed that an operator can change: the value of each, its meaning, and the next value. Pure.

import { maxStreams } from '../../../src/operations/seed/draft.ts';
import { namesTrouble, splitNames } from '../../../src/operations/tables/names.ts';
import { endingNames, endingOf } from '../../../src/seed/ending.ts';
import type { Term } from '../../../src/seed/methods/method.ts';
import type { SeedTerms } from '../../../src/seed/request.ts';
import { chosenChannels, compressions } from '../../../src/seed/request.ts';
import { bytesIn } from '../../../src/text/amounts.ts';

import {
  accountValue,
  channelValue,
  followValue,
  lagValue,
  limitValue,
  type SeedParties,
  streamsValue,
} from './values.ts';

export interface SeedOption {
  readonly title: string;
  readonly term: Term;
  /** The present value; if the operator chose none, with where it comes from. */
  readonly value: (terms: SeedTerms, parties: SeedParties) => string;
  readonly help: string;
  readonly change:
    | { readonly by: 'turning'; readonly next: (terms: SeedTerms) => SeedTerms }
    | {
        readonly by: 'typing';
        readonly label: string;
        readonly text: (terms: SeedTerms) => string;
        /** Reads a typed value; returns an error as text. An empty text restores the default. */
        readonly read: (text: string, terms: SeedTerms) => SeedTerms | string;
      };
}

/** Its value; of one that the method makes no use of, that. */
export function shownValue({ term, value }: SeedOption, terms: SeedTerms, parties: SeedParties): string {
  const { name, unused } = parties.method;
  if (unused.includes(term)) return `not used by ${name}`;
  return endingOf(terms).unused.includes(term) ? `not used by ${whatOf(terms)}` : value(terms, parties);
}

/** The value after `now`; after the last comes the first. */
function after<T>(all: readonly T[], now: T): T | undefined {
  return all[(all.indexOf(now) + 1) % all.length];
}

const withoutStreams = ({ streams: _, ...rest }: SeedTerms): SeedTerms => rest;
const withoutLimit = ({ bandwidthBytesPerSecond: _, ...rest }: SeedTerms): SeedTerms => rest;
const withoutChannel = ({ channel: _, ...rest }: SeedTerms): SeedTerms => rest;
const withoutFollow = ({ follow: _, ...rest }: SeedTerms): SeedTerms => rest;
const withoutAccount = ({ accountFile: _, ...rest }: SeedTerms): SeedTerms => rest;

const withoutLag = ({ maxLagSeconds: _, ...rest }: SeedTerms): SeedTerms => rest;

const withoutEnd = ({ ends: _, ...rest }: SeedTerms): SeedTerms => rest;
const withoutWrites = ({ writable: _, ...rest }: SeedTerms): SeedTerms => rest;
const withoutEvents = ({ events: _, ...rest }: SeedTerms): SeedTerms => rest;

const withoutOnly = ({ only: _, replace: __, ...rest }: SeedTerms): SeedTerms => rest;
const withoutReplace = ({ replace: _, ...rest }: SeedTerms): SeedTerms => rest;

const afterwards = [undefined, ...endingNames] as const;
const words = { standalone: 'standalone', set: 'as a set' } as const;
const things = { standalone: 'a standalone server', set: 'a set' } as const;
const whatOf = ({ ends }: SeedTerms) => (ends === undefined ? 'a replica' : things[ends]);

const streamCounts = [undefined, 1, 2, 4, 8, maxStreams] as const;
const ways = [undefined, ...chosenChannels] as const;
const followed = [undefined, 'donor', 'source'] as const;

export const seedOptions: readonly SeedOption[] = [
  {
    title: 'data',
    term: 'only',
    value: ({ only }) => (only === undefined ? 'all (default)' : `${only.join(', ')} alone, by a dump`),
    help: 'databases and tables that alone are put into the running server of the target, which keeps everything else',
    change: {
      by: 'typing',
      label: 'databases and tables, as shop,crm.notes (empty: everything)',
      text: ({ only = [] }) => only.join(','),
      read: (text, terms) => {
        const only = text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
        return namesTrouble(splitNames(only)) ?? (only.length === 0 ? withoutOnly(terms) : { ...terms, only });
      },
    },
  },
  {
    title: 'tables of that name',
    term: 'replace',
    value: ({ only, replace }) =>
      only === undefined ? 'for named tables alone' : replace ? 'are replaced' : 'refuse (default)',
    help: 'where the target has tables of these names: the old ones are kept beside until the new ones are in use',
    change: { by: 'turning', next: (terms) => (terms.replace ? withoutReplace(terms) : { ...terms, replace: true }) },
  },
  {
    title: 'afterwards',
    term: 'ends',
    value: (terms) => (terms.ends === undefined ? 'replica (default)' : words[terms.ends]),
    help: 'replica: of the source below; standalone: of no host; as a set: the first target is the primary of the others. Donors of the last two are of any cluster',
    change: {
      by: 'turning',
      next: (terms) => {
        const ends = after(afterwards, terms.ends);
        return { ...withoutEnd(terms), ...(ends && { ends }) };
      },
    },
  },
  {
    title: 'takes writes',
    term: 'writable',
    value: ({ writable }) => (writable ? 'yes' : 'no (default)'),
    help: 'whether a server that replicates from no host afterwards takes writes; of a set the primary',
    change: {
      by: 'turning',
      next: (terms) => (terms.writable ? withoutWrites(terms) : { ...terms, writable: true }),
    },
  },
  {
    title: 'events',
    term: 'events',
    value: ({ events }) => (events ? 'run' : 'off (default)'),
    help: 'whether enabled events of the donor run on a server that replicates from no host afterwards',
    change: { by: 'turning', next: (terms) => (terms.events ? withoutEvents(terms) : { ...terms, events: true }) },
  },
  {
    title: 'donor lag',
    term: 'maxLagSeconds',
    value: lagValue,
    help: 'how far behind the donor may be: 600 s or seed.maxLagSeconds, or any',
    change: {
      by: 'turning',
      next: (terms) =>
        terms.maxLagSeconds === undefined ? { ...terms, maxLagSeconds: Number.POSITIVE_INFINITY } : withoutLag(terms),
    },
  },
  {
    title: 'follow',
    term: 'follow',
    value: followValue,
    help: "the source that the targets replicate from; default: the donor's source, or the donor where it has none",
    change: {
      by: 'turning',
      next: (terms) => {
        const follow = after(followed, terms.follow);
        return { ...withoutFollow(terms), ...(follow && { follow }) };
      },
    },
  },
  {
    title: 'replication account',
    term: 'accountFile',
    value: accountValue,
    help: 'the file on this machine with the account to replicate with: user = and password =, mode 600',
    change: {
      by: 'typing',
      label: 'file with the account (absolute path; empty: that of a replica)',
      text: ({ accountFile = '' }) => accountFile,
      read: (text, terms) => {
        if (text === '') return withoutAccount(terms);
        return text.startsWith('/') ? { ...terms, accountFile: text } : `${text} is no absolute path`;
      },
    },
  },
  {
    title: 'channel',
    term: 'channel',
    value: channelValue,
    help: 'ssh: a sshd of the job on each target; relay: the same through this machine; tls: socat with certificates of the job',
    change: {
      by: 'turning',
      next: (terms) => {
        const channel = after(ways, terms.channel);
        return { ...withoutChannel(terms), ...(channel && { channel }) };
      },
    },
  },
  {
    title: 'compression',
    term: 'compression',
    value: ({ compression }) => compression,
    help: 'auto: zstd where the link is slower than zstd',
    change: {
      by: 'turning',
      next: (terms) => ({ ...terms, compression: after(compressions, terms.compression) ?? 'auto' }),
    },
  },
  {
    title: 'streams',
    term: 'streams',
    value: streamsValue,
    help: 'parallel connections; auto: as many as both sides have CPUs for, at most four',
    change: {
      by: 'turning',
      next: (terms) => {
        const streams = after(streamCounts, terms.streams as (typeof streamCounts)[number]);
        return { ...withoutStreams(terms), ...(streams !== undefined && { streams }) };
      },
    },
  },
  {
    title: 'bandwidth',
    term: 'bandwidthBytesPerSecond',
    value: limitValue,
    help: 'bytes a second on the wire, as compressed, for all streams to all targets',
    change: {
      by: 'typing',
      label: 'bytes a second, as 20M (empty: as the inventory has it)',
      text: () => '',
      read: (text, terms) => (text === '' ? withoutLimit(terms) : limited(text, terms)),
    },
  },
  {
    title: 'if space is short',
    term: 'clear',
    value: ({ clear }) => (clear ? 'delete the old data before the copy' : 'refuse'),
    help: 'where a target has no room for new data beside the old; with room the old is deleted last',
    change: { by: 'turning', next: (terms) => ({ ...terms, clear: !terms.clear }) },
  },
  {
    title: 'snapshot afterwards',
    term: 'keepSnapshot',
    value: ({ keepSnapshot }) => (keepSnapshot ? 'stays' : 'removed'),
    help: 'what becomes of the snapshot that the job takes on the donor',
    change: { by: 'turning', next: (terms) => ({ ...terms, keepSnapshot: !terms.keepSnapshot }) },
  },
  {
    title: 'errant transactions',
    term: 'injectEmpty',
    value: ({ injectEmpty }) => (injectEmpty ? 'written on the source as empty ones' : 'refuse'),
    help: 'what only a target has executed: its source holds it as empty transactions, and the target keeps what they did',
    change: { by: 'turning', next: (terms) => ({ ...terms, injectEmpty: !terms.injectEmpty }) },
  },
];

function limited(text: string, terms: SeedTerms): SeedTerms | string {
  const bytes = bytesIn(text);
  return bytes === undefined
    ? `${text} is not a size: write 20M or 1.5G`
    : { ...terms, bandwidthBytesPerSecond: bytes };
}
