// What runs on a host: one capability a .sh file, POSIX sh, readable by any DBA. Nothing else is in this room. A
// script's values come as arguments or on its standard input; a parser in src/host reads its answer. Every script runs
// after prelude.sh.
import { textOf } from './text-of.ts';

export type ScriptName =
  | 'applier'
  | 'ask'
  | 'check'
  | 'custom'
  | 'follow-log'
  | 'hook'
  | 'host-fence'
  | 'host-lock'
  | 'leftovers'
  | 'probe'
  | 'processes'
  | 'proof'
  | 'relay'
  | 'rows'
  | 'salvage-apply'
  | 'salvage-look'
  | 'salvage-open'
  | 'salvage-read'
  | 'salvage-take'
  | 'seed-account'
  | 'seed-backup'
  | 'seed-before'
  | 'seed-clone'
  | 'seed-clone-donor'
  | 'seed-delete'
  | 'seed-dump'
  | 'seed-facts'
  | 'seed-load'
  | 'seed-list'
  | 'seed-own'
  | 'seed-persisted'
  | 'seed-prepare'
  | 'seed-proof'
  | 'seed-reattach'
  | 'seed-receive'
  | 'seed-send'
  | 'seed-sql'
  | 'seed-socat'
  | 'seed-ssh'
  | 'seed-stage'
  | 'seed-start'
  | 'seed-still'
  | 'seed-sums'
  | 'seed-trial'
  | 'seed-way'
  | 'service'
  | 'snapshot'
  | 'tables'
  | 'take-snapshot'
  | 'unit'
  | 'volume-space';

type Fragment =
  | 'prelude'
  | 'accounts'
  | 'answer-fields'
  | 'busy-look'
  | 'cell'
  | 'closed-files'
  | 'collations'
  | 'channel-logs'
  | 'datadir-locks'
  | 'listener-address'
  | 'listener-sshd'
  | 'drop-ins'
  | 'dump-bodies'
  | 'dump-names'
  | 'dump-refusals'
  | 'dump-lock'
  | 'dump-parts'
  | 'dump-tables'
  | 'fixed-files'
  | 'free-room'
  | 'grants'
  | 'job-folders'
  | 'job-server'
  | 'keyrings'
  | 'left-names'
  | 'load-accounts'
  | 'load-parts'
  | 'log-end'
  | 'log-lines'
  | 'log-events'
  | 'log-grammar'
  | 'log-indexes'
  | 'log-reader'
  | 'mounts-seen'
  | 'named-tables'
  | 'next-start'
  | 'old-data'
  | 'own-mounts'
  | 'own-snapshot'
  | 'page-sums'
  | 'persisted'
  | 'place-files'
  | 'plugins'
  | 'read-only'
  | 'read-roots'
  | 'receive-dump'
  | 'receive-list'
  | 'receive-pages'
  | 'receive-pass'
  | 'receive-stream'
  | 'receive-tasks'
  | 'relayed-login'
  | 'replica-threads'
  | 'run-bounded'
  | 'run-command'
  | 'salvage-cell'
  | 'salvage-stage'
  | 'send-answers'
  | 'send-bytes'
  | 'send-how'
  | 'send-pages'
  | 'send-progress'
  | 'send-stream'
  | 'server-reads'
  | 'set-by-hand'
  | 'snapshot-copy'
  | 'sql-values'
  | 'stage-folder'
  | 'stage-places'
  | 'start-options'
  | 'start-words'
  | 'state-places'
  | 'stored-objects'
  | 'strange-files'
  | 'own-databases'
  | 'table-sums'
  | 'temp-tables'
  | 'unit-members'
  | 'use-since-plan'
  | 'volume-row';

/**
 * Fragments that are put before a script, after the prelude: functions that several scripts need, or that are a topic
 * of their own.
 */
const fragments: { readonly [name in ScriptName]?: readonly Fragment[] } = {
  applier: ['replica-threads'],
  hook: ['closed-files', 'run-bounded'],
  'host-fence': ['datadir-locks'],
  'host-lock': ['datadir-locks'],
  leftovers: ['job-folders', 'left-names', 'datadir-locks', 'drop-ins', 'unit-members'],
  check: ['server-reads'],
  ask: ['closed-files'],
  custom: ['closed-files', 'run-bounded', 'run-command'],
  'follow-log': ['server-reads', 'log-reader'],
  probe: ['closed-files', 'server-reads', 'log-reader', 'job-folders'],
  proof: ['cell', 'job-server', 'free-room'],
  rows: ['sql-values'],
  'salvage-apply': ['cell', 'salvage-cell', 'salvage-stage'],
  'salvage-open': ['read-only', 'salvage-stage'],
  'salvage-take': ['salvage-stage'],
  'salvage-look': ['cell', 'log-grammar', 'log-events', 'salvage-cell', 'salvage-stage'],
  'seed-account': ['grants', 'replica-threads'],
  'seed-before': [
    'job-folders',
    'stage-folder',
    'use-since-plan',
    'drop-ins',
    'start-options',
    'server-reads',
    'log-reader',
    'start-words',
    'replica-threads',
    'persisted',
  ],
  'seed-clone': ['stage-folder'],
  'seed-clone-donor': ['read-only', 'sql-values'],
  'seed-facts': [
    'busy-look',
    'datadir-locks',
    'job-folders',
    'server-reads',
    'set-by-hand',
    'persisted',
    'plugins',
    'state-places',
    'next-start',
    'place-files',
    'fixed-files',
    'grants',
    'keyrings',
    'log-end',
    'log-indexes',
    'channel-logs',
    'mounts-seen',
    'own-mounts',
    'drop-ins',
    'start-options',
    'strange-files',
    'temp-tables',
    'own-databases',
    'dump-names',
  ],
  'seed-persisted': ['persisted'],
  'seed-proof': ['grants', 'server-reads', 'place-files', 'own-databases', 'log-lines'],
  'seed-reattach': ['sql-values'],
  'seed-backup': ['send-bytes', 'send-answers', 'send-how', 'send-stream', 'relayed-login'],
  'seed-delete': ['closed-files', 'run-bounded', 'run-command'],
  'seed-dump': [
    'busy-look',
    'answer-fields',
    'send-bytes',
    'send-answers',
    'send-how',
    'send-stream',
    'own-databases',
    'table-sums',
    'dump-tables',
    'collations',
    'stored-objects',
    'named-tables',
    'accounts',
    'dump-bodies',
    'dump-names',
    'dump-refusals',
    'dump-lock',
    'dump-parts',
  ],
  'seed-load': [
    'stage-folder',
    'cell',
    'job-server',
    'own-databases',
    'table-sums',
    'collations',
    'stored-objects',
    'named-tables',
    'free-room',
    'load-parts',
    'load-accounts',
  ],
  'seed-prepare': ['cell'],
  'seed-receive': [
    'old-data',
    'receive-list',
    'receive-tasks',
    'receive-pass',
    'page-sums',
    'receive-pages',
    'cell',
    'free-room',
    'receive-dump',
    'receive-stream',
  ],
  'seed-list': ['place-files', 'read-roots'],
  'seed-own': ['cell', 'closed-files', 'run-bounded', 'run-command'],
  'seed-send': ['read-roots', 'page-sums', 'send-pages', 'send-bytes', 'send-answers', 'send-how', 'send-progress'],
  'seed-stage': ['job-folders', 'stage-folder', 'old-data', 'drop-ins', 'place-files', 'stage-places', 'strange-files'],
  'seed-still': ['drop-ins', 'log-end', 'place-files'],
  'seed-sums': ['read-roots'],
  'seed-socat': ['listener-address'],
  'seed-sql': ['sql-values'],
  'seed-ssh': ['listener-address', 'listener-sshd'],
  'seed-start': ['drop-ins', 'start-options'],
  'seed-trial': ['listener-sshd'],
  service: ['server-reads', 'log-reader', 'start-words'],
  snapshot: ['volume-row', 'own-snapshot', 'snapshot-copy'],
  tables: ['read-only', 'own-databases', 'table-sums', 'named-tables', 'free-room', 'use-since-plan'],
  'take-snapshot': ['closed-files', 'busy-look', 'answer-fields', 'volume-row', 'own-snapshot', 'temp-tables'],
  unit: ['unit-members'],
};

/** Scripts that another script passes to a shell of its own, with the variable that holds their text. */
const handedOn: { readonly [name in ScriptName]?: { readonly variable: string; readonly file: string } } = {
  'follow-log': { variable: 'follow_file', file: 'follow-file' },
};

/** The text of `src/scripts/<name>.sh`, after prelude.sh and the fragments that it needs. */
export const scriptText = async (name: ScriptName): Promise<string> => readScript(name);

/** The same synchronously, for a job that is being recorded: files of this package, some 60 kB each. */
export function readScript(name: ScriptName): string {
  const texts = ['prelude' as const, ...(fragments[name] ?? []), name].map(textOf);
  const inner = handedOn[name];
  if (inner) texts.unshift(`${inner.variable}='${textOf(inner.file).replaceAll("'", "'\\''")}'`);
  return texts.join('\n');
}
