// Files of a donor's datadir that a backup program does not bring: they do not count for the progress of its stream.
import { posix } from 'node:path';
import type { Side } from '../../request.ts';
import { liesIn } from '../../target/state-places.ts';
import { patternOf } from '../../transfer/relay-log-patterns.ts';

/**
 * Logs, what the server makes again, and what its packages note there. No name of a database's folder has a dot, and the
 * names without one are a server's own.
 */
const always = [
  'ib_logfile[0-9]',
  '#innodb_redo',
  '#ib_*.dblwr',
  'ib_buffer_pool',
  'aria_log.[0-9]*',
  'aria_log_control',
  'ddl_recovery*.log',
  'tc.log',
  'mysql_upgrade_info',
  'mariadb_upgrade_info',
  'debian-*.flag',
  'RPM_UPGRADE_*',
  '*.err',
];

/** For find -path, below the datadir. */
export const unstreamedPatterns = ({ facts: { datadir, places } }: Pick<Side, 'facts'>): string[] => [
  ...always,
  ...places
    .filter(({ kind, path }) => kind.startsWith('binlog') && liesIn(datadir, path) && path !== datadir)
    .flatMap(({ kind, path }) => {
      const name = patternOf(posix.relative(datadir, path));
      return kind === 'binlog' ? [`${name}.[0-9]*`, `${name}.state`] : [name];
    }),
];
