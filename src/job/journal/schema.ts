// The journal's tables. A new version of the schema is a new entry of `migrations`. An old journal is migrated when it
// is opened; one of a newer reseed is refused, since it would be misread.
import type { DatabaseSync } from 'node:sqlite';
import { sharing } from './sharing-schema.ts';
import { inTransaction } from './transaction.ts';

const migrations = [
  `
  CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    plan TEXT NOT NULL,
    targets TEXT NOT NULL,
    who TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    started_ms INTEGER,
    ended_ms INTEGER,
    abort_requested INTEGER NOT NULL DEFAULT 0,
    error TEXT
  ) STRICT;
  CREATE TABLE step (
    job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    started_ms INTEGER,
    ended_ms INTEGER,
    result TEXT,
    progress TEXT,
    PRIMARY KEY (job, name)
  ) STRICT;
  CREATE TABLE resource (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (job, step)
  ) STRICT;
  CREATE TABLE command (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    key TEXT NOT NULL,
    host TEXT NOT NULL,
    script TEXT NOT NULL,
    script_sha256 TEXT NOT NULL,
    args TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    code INTEGER,
    said TEXT NOT NULL
  ) STRICT;
  CREATE INDEX command_of_job ON command (job);
  `,
  // JSON: lane -> why it failed.
  'ALTER TABLE step ADD COLUMN lost TEXT',
  // JSON: the process that starts the job's runner, later the runner's own.
  'ALTER TABLE job ADD COLUMN runner TEXT',
  // The time of the last progress report; how long earlier runners worked on the step, until then.
  'ALTER TABLE step ADD COLUMN told_ms INTEGER; ALTER TABLE step ADD COLUMN spent_ms INTEGER',
  // JSON: format, build and script digests of a plan (frozen.ts). The texts are stored once each, for all jobs that run
  // them.
  `ALTER TABLE job ADD COLUMN frozen TEXT;
  CREATE TABLE script (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
  `,
  // For unfinished jobs: each row has its plan before its state, and 10,000 plans are 300 MB to read.
  'CREATE INDEX job_state ON job (state)',
  // The runner of a job (lease.ts). Runners of older builds still write job.runner; it is read where there is no lease.
  `CREATE TABLE lease (
    job INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    holder TEXT NOT NULL,
    renewed_ms INTEGER NOT NULL,
    renewals INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  `,
  // How long the job had no runner, until one was started in place of one that had ended.
  'ALTER TABLE job ADD COLUMN idle_ms INTEGER NOT NULL DEFAULT 0',
  // Schedules (schedules.ts), by the absolute path of their inventory. hosts: names with line breaks between them, which no name has. who: JSON.
  `CREATE TABLE schedule (
    inventory TEXT NOT NULL,
    name TEXT NOT NULL,
    checked_ms INTEGER NOT NULL,
    off_ms INTEGER,
    off_by TEXT,
    PRIMARY KEY (inventory, name)
  ) STRICT;
  CREATE TABLE scheduled (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    inventory TEXT NOT NULL,
    schedule TEXT NOT NULL,
    hosts TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    queued_ms INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    by_hand TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    tried_ms INTEGER,
    decided_ms INTEGER,
    key TEXT,
    job INTEGER REFERENCES job (id) ON DELETE SET NULL
  ) STRICT;
  CREATE INDEX scheduled_of ON scheduled (inventory, schedule, hosts, id);
  CREATE INDEX scheduled_state ON scheduled (state);
  CREATE INDEX job_key ON job (key);
  `,
  // What the inventory asked for when the run was added. A run without it begins nothing.
  `ALTER TABLE scheduled ADD COLUMN request TEXT NOT NULL DEFAULT ''`,
  // What is told to the receivers of the inventory (telling.ts). telling: jobs, with the receivers as they were when it was agreed to; is_over:
  // nothing more is to be told. event: what has happened, once by its key. delivery: an event and one of its receivers. heartbeat: how its last call ended. Runs of schedules that
  // are there already are not told.
  `CREATE TABLE telling (
    job INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    receivers TEXT NOT NULL,
    is_over INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX telling_open ON telling (is_over) WHERE is_over = 0;
  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    line TEXT NOT NULL,
    what TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_line ON event (line, id);
  CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    receiver TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_ms INTEGER NOT NULL,
    error TEXT,
    ended_ms INTEGER,
    UNIQUE (event, name)
  ) STRICT;
  CREATE INDEX delivery_waiting ON delivery (next_ms) WHERE state = 'waiting';
  CREATE INDEX delivery_name ON delivery (name, id);
  CREATE TABLE heartbeat (
    inventory TEXT PRIMARY KEY,
    called_ms INTEGER NOT NULL,
    error TEXT
  ) STRICT;
  ALTER TABLE scheduled ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX scheduled_untold ON scheduled (told) WHERE told = 0;
  `,
  // Looks at the hosts of an inventory (looks.ts).
  `CREATE TABLE look (inventory TEXT PRIMARY KEY, looked_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE condition (
    inventory TEXT NOT NULL,
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    looks INTEGER NOT NULL,
    PRIMARY KEY (inventory, host, name)
  ) STRICT;
  `,
  sharing,
  // What this journal wrote last into the shared database, with blanks between: a copy of it knows no newer one.
  "ALTER TABLE history ADD COLUMN tokens TEXT NOT NULL DEFAULT ''",
  // How far a step had come, at times (journal.ts, setProgress): the pictures of a report.
  `CREATE TABLE sample (
    job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    done_bytes INTEGER,
    lag_seconds INTEGER,
    PRIMARY KEY (job, step, at_ms)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Migrates the tables to this version. False if they are of a newer reseed. */
export function migrate(database: DatabaseSync): boolean {
  // A reader writes nothing: the jobs can be shown on a full disk too.
  if (versionOf(database) === migrations.length) return true;
  return inTransaction(database, () => {
    const version = versionOf(database);
    if (version > migrations.length) return false;
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    return true;
  });
}

const versionOf = (database: DatabaseSync) => Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
