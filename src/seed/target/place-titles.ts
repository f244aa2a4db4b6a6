// The names of a server's places (state-places.ts) in findings. Pure.

const titles: Readonly<Record<string, string>> = {
  datadir: 'the datadir',
  'innodb-home': "InnoDB's data home",
  'innodb-file': 'the system tablespace',
  'innodb-directory': 'innodb_directories',
  redo: 'the redo log',
  undo: 'undo tablespaces',
  doublewrite: 'the doublewrite files',
  aria: 'the Aria log',
  binlog: 'binary logs',
  relaylog: 'relay logs',
  'binlog-index': 'the index of binary logs',
  'relaylog-index': 'the index of relay logs',
  'relay-info': 'replica info files',
  'master-info': 'replica info files',
  'ddl-recovery': 'the log of interrupted DDL',
  tmpdir: 'the folder for temporary files',
};

/** A place without a title is named by its kind. */
export const titleOf = (kind: string) => titles[kind] ?? `its ${kind.replaceAll('-', ' ')}`;
