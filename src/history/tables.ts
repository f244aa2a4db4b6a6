// The tables in the database that jump hosts share. A new version is a new entry of `versions`. Only `reseed history join` makes or changes
// them; an account for every day needs SELECT, INSERT, UPDATE and DELETE.
//
// Every row is of one jump host, and keyed by it: its id, its job's number there, and what counts up in that job. What is sent twice is there
// once.

const options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
const id = 'CHAR(32) CHARACTER SET ascii COLLATE ascii_bin';

const versions: readonly (readonly string[])[] = [
  [
    // `nonce`: what a request to it has to name. `token`: the last that its journal wrote, which a copy of that journal does not know.
    `CREATE TABLE IF NOT EXISTS reseed_jump_host (
      id ${id} NOT NULL PRIMARY KEY,
      name VARCHAR(64) NOT NULL UNIQUE,
      build VARCHAR(64) NOT NULL,
      nonce ${id} NOT NULL DEFAULT '',
      token ${id} NOT NULL DEFAULT '',
      heard DATETIME(6) NOT NULL
    ) ${options}`,
    // `heard`: when its jump host last told of it, by the clock here.
    `CREATE TABLE IF NOT EXISTS reseed_job (
      jump ${id} NOT NULL,
      job INT UNSIGNED NOT NULL,
      form INT UNSIGNED NOT NULL,
      seq BIGINT UNSIGNED NOT NULL,
      created_ms BIGINT UNSIGNED NOT NULL,
      is_over TINYINT NOT NULL,
      state LONGTEXT NOT NULL,
      seal VARCHAR(64) NOT NULL,
      runner VARCHAR(16) NOT NULL,
      heard DATETIME(6) NOT NULL,
      PRIMARY KEY (jump, job),
      KEY by_time (is_over, created_ms)
    ) ${options}`,
    // What never changes of a job, and is the most of it.
    `CREATE TABLE IF NOT EXISTS reseed_plan (
      jump ${id} NOT NULL,
      job INT UNSIGNED NOT NULL,
      written LONGTEXT NOT NULL,
      PRIMARY KEY (jump, job)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS reseed_command (
      jump ${id} NOT NULL,
      job INT UNSIGNED NOT NULL,
      command INT UNSIGNED NOT NULL,
      data LONGTEXT NOT NULL,
      PRIMARY KEY (jump, job, command)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS reseed_log (
      jump ${id} NOT NULL,
      job INT UNSIGNED NOT NULL,
      at BIGINT UNSIGNED NOT NULL,
      bytes INT UNSIGNED NOT NULL,
      data MEDIUMTEXT NOT NULL,
      PRIMARY KEY (jump, job, at)
    ) ${options}`,
    // `data` is JSON, with its seal. is_done: 1 or 0 if it is answered or was withdrawn, 2 if it is under way.
    `CREATE TABLE IF NOT EXISTS reseed_request (
      id ${id} NOT NULL PRIMARY KEY,
      jump ${id} NOT NULL,
      job INT UNSIGNED NOT NULL,
      asked DATETIME(6) NOT NULL,
      data TEXT NOT NULL,
      seal VARCHAR(64) NOT NULL,
      is_done TINYINT NULL,
      answer TEXT NULL,
      answer_seal VARCHAR(64) NULL,
      KEY unanswered (jump, is_done)
    ) ${options}`,
    // `what`: the SHA-256 of fleet and schedule. Who has the row begins that time.
    `CREATE TABLE IF NOT EXISTS reseed_tick (
      what CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      due_ms BIGINT UNSIGNED NOT NULL,
      schedule VARCHAR(190) NOT NULL,
      jump ${id} NOT NULL,
      taken DATETIME(6) NOT NULL,
      PRIMARY KEY (what, due_ms),
      KEY by_time (taken)
    ) ${options}`,
  ],
];

export const tablesVersion = versions.length;

/** The statements that bring a database of that version to this one; 0: it has no tables of reseed. */
export const statementsFrom = (version: number): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS reseed_history (one TINYINT NOT NULL PRIMARY KEY, version INT UNSIGNED NOT NULL) ${options}`,
  ...versions.slice(version).flat(),
  // Last: a database that ended in between is of the version before.
  `REPLACE INTO reseed_history (one, version) VALUES (1, ${tablesVersion})`,
];

/** Of rows: how a job's rows are written in them. Changed when a build that reads the one misreads the other. */
export const rowForm = 1;
