// What the places of a server (state-places.ts) are called in the words of a finding. Pure.

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
  tmpdir: 'the folder for temporary files',
};

/** `kind`: of a place; one without a title is called by its kind. */
export const titleOf = (kind: string) => titles[kind] ?? `its ${kind.replaceAll('-', ' ')}`;
