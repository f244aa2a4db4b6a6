// The tables of a journal whose jobs other jump hosts see too. What is to be sent is noted by triggers, in the transaction that writes it: no
// writer can forget it, and none waits for a database elsewhere.

/**
 * `history`: a row if the journal is shared. `shared`: a row for each of its jobs. `seq` counts every change of the job, `sent` is the last
 * that is there, `changes` counts those that wait, without figures of progress.
 */
export const sharing = `
  CREATE TABLE history (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    jump TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    inventory TEXT NOT NULL,
    away_ms INTEGER,
    why TEXT
  ) STRICT;
  CREATE TABLE shared (
    job INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL DEFAULT 1,
    changes INTEGER NOT NULL DEFAULT 1,
    sent INTEGER NOT NULL DEFAULT 0,
    command INTEGER NOT NULL DEFAULT 0,
    log INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX shared_waiting ON shared (job) WHERE seq > sent;
  CREATE TRIGGER shared_job AFTER INSERT ON job WHEN EXISTS (SELECT 1 FROM history)
    BEGIN INSERT INTO shared (job) VALUES (NEW.id); END;
  CREATE TRIGGER shared_state AFTER UPDATE ON job
    BEGIN UPDATE shared SET seq = seq + 1, changes = changes + 1 WHERE job = NEW.id; END;
  CREATE TRIGGER shared_new_step AFTER INSERT ON step
    BEGIN UPDATE shared SET seq = seq + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_step AFTER UPDATE OF state ON step
    BEGIN UPDATE shared SET seq = seq + 1, changes = changes + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_progress AFTER UPDATE OF told_ms ON step
    BEGIN UPDATE shared SET seq = seq + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_new_resource AFTER INSERT ON resource
    BEGIN UPDATE shared SET seq = seq + 1, changes = changes + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_resource AFTER UPDATE ON resource
    BEGIN UPDATE shared SET seq = seq + 1, changes = changes + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_command AFTER INSERT ON command
    BEGIN UPDATE shared SET seq = seq + 1, changes = changes + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_new_lease AFTER INSERT ON lease
    BEGIN UPDATE shared SET seq = seq + 1 WHERE job = NEW.job; END;
  CREATE TRIGGER shared_lease AFTER UPDATE OF holder, ended ON lease
    BEGIN UPDATE shared SET seq = seq + 1 WHERE job = NEW.job; END;
`;
