// The journal of jobs: what was planned, by which operator, how far each job has come, what it holds. SQLite under
// $XDG_STATE_HOME/reseed/ (in WAL mode, where no other machine can have that folder). Any number of consoles read while
// one runner writes, and a kill -9 loses nothing that was written. A method throws where the disk or the file fails:
// the runner and the verbs then report it and stop.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Holder } from '../lease/lease.ts';
import type { Freezing, OlderPlans } from '../plan/frozen.ts';
import { type Json, lastSteps } from '../plan/plan.ts';
import { fileSystemOf, journalMode, refuseCut } from './journal-file.ts';
import { type LookStore, lookStore } from './looks.ts';
import { privateFile } from './private-folder.ts';
import { type JournalReader, journalReader } from './read-journal.ts';
import {
  type CommandRecord,
  heardMs,
  type JobRecord,
  type JobState,
  type ResourceState,
  type StepProgress,
  type StepState,
} from './record.ts';
import { type ScheduleStore, scheduleStore } from './schedules.ts';
import { migrate } from './schema.ts';
import { type Sharing, sharingOf } from './sharing.ts';
import { type TellingStore, tellingStore } from './telling.ts';
import { inTransaction } from './transaction.ts';

export interface NewJob extends Pick<JobRecord, 'key' | 'plan' | 'targets' | 'who'> {
  readonly freezing: Freezing;
  /** The process that starts its runner. */
  readonly holder?: Holder;
  /** Who is told of it, as the inventory has them (telling.ts); absent: no receiver is. */
  readonly receivers?: readonly Json[];
}

export interface Journal extends JournalReader {
  /** Records a job; nothing runs yet. */
  add(job: NewJob): JobRecord;
  setJob(id: number, state: JobState, error?: string): void;
  /** Of a job that is releasing: only the hook that runs since its failure is ended. */
  requestAbort(id: number): void;
  /** Takes the lease if it still has the key `before` (undefined: there is none yet). False: another process was faster. */
  takeLease(id: number, before: string | undefined, holder: Holder): boolean;
  /** The same for a runner in place of one that has ended: the time since that was last heard of counts as idle. */
  replaceLease(id: number, before: string | undefined, holder: Holder): boolean;
  /** Updates the lease of a holder whose process is now known better. */
  rewriteLease(id: number, holder: Holder): boolean;
  /** False: another holder has the lease. */
  renewLease(id: number, key: string): boolean;
  endLease(id: number, key: string): void;
  setStep(
    id: number,
    step: string,
    state: StepState,
    end?: { result?: Json; lost?: Readonly<Record<string, string>> },
  ): void;
  /** A step of the job's end (`lastSteps`) that is run now; it may be there already. */
  addStep(id: number, step: string): void;
  /**
   * Steps that a runner died in, where none of them will run any more: they failed when they were last heard of. Not
   * steps that were added.
   */
  endRunning(id: number): void;
  setProgress(id: number, step: string, progress: StepProgress): void;
  /** For a step's resource. `what` is written once, before the step acquires it. */
  setResource(id: number, step: string, what: string, state: ResourceState): void;
  addCommand(id: number, command: CommandRecord): void;
  readonly schedules: ScheduleStore;
  readonly telling: TellingStore;
  readonly looks: LookStore;
  readonly sharing: Sharing;
  /** Changes with every write of another process; equal means that nothing is new. */
  version(): number;
  close(): void;
}

interface Opening {
  /** Converts plans of an older format. Absent: they stay as they were recorded. */
  readonly older?: OlderPlans;
  /** Instead of the one that suits its file system. */
  readonly mode?: ReturnType<typeof journalMode>;
}

/** Makes the file where there is none. undefined: the file is of a newer reseed. */
export function openJournal(
  path: string,
  nowMs: () => number,
  { older = (plan) => plan, mode }: Opening = {},
): Journal | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives the files beside it the same mode.
  privateFile(path);
  const database = new DatabaseSync(path, { timeout: 5000 });
  let isOurs = false;
  try {
    refuseCut(path, database);
    // FULL: what was recorded before an act is on the disk before the act, even if the power is cut.
    database.exec(`PRAGMA journal_mode = ${mode ?? journalMode(fileSystemOf(path))}`);
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    isOurs = migrate(database);
  } finally {
    if (!isOurs) database.close();
  }
  if (!isOurs) return undefined;
  const run = (sql: string, ...values: (string | number | null)[]) => database.prepare(sql).run(...values);
  const together = <T>(work: () => T): T => inTransaction(database, work);
  const reader = journalReader(database, older);
  const found = (id: number): JobRecord => {
    const job = reader.job(id);
    if (!job) throw new Error(`the journal has no job ${id}`);
    return job;
  };

  const takeLease = (id: number, before: string | undefined, holder: Holder): boolean => {
    if (reader.leaseHolder(id)?.key !== before) return false;
    run(
      'INSERT OR REPLACE INTO lease (job, key, holder, renewed_ms) VALUES (?, ?, ?, ?)',
      id,
      holder.key,
      JSON.stringify(holder),
      nowMs(),
    );
    return true;
  };

  // One of an hour has 800 samples, and one of a week 1,800: the longer it runs, the fewer are kept.
  const addSample = (id: number, step: string, { doneBytes, lagSeconds }: StepProgress, now: number): void => {
    if (doneBytes === undefined && lagSeconds === undefined) return;
    run(
      `INSERT OR IGNORE INTO sample (job, step, at_ms, done_bytes, lag_seconds)
       SELECT job, name, ?3, ?4, ?5 FROM step WHERE job = ?1 AND name = ?2 AND
         coalesce((SELECT max(at_ms) FROM sample WHERE job = ?1 AND step = ?2), 0)
           <= ?3 - max(1000, (?3 - coalesce(started_ms, ?3)) / 200)`,
      id,
      step,
      now,
      doneBytes === undefined ? null : Math.round(doneBytes),
      lagSeconds === undefined ? null : Math.round(lagSeconds),
    );
  };

  return {
    ...reader,
    add: ({ key, plan, freezing: { frozen, texts }, targets, who, holder, receivers = [] }) =>
      together(() => {
        for (const [sha256, text] of texts)
          run('INSERT OR IGNORE INTO script (sha256, text) VALUES (?, ?)', sha256, text);
        const { lastInsertRowid } = run(
          `INSERT INTO job (key, plan, frozen, targets, who, state, created_ms)
           VALUES (?, ?, ?, ?, ?, 'planned', ?)`,
          key,
          JSON.stringify(plan),
          JSON.stringify(frozen),
          JSON.stringify(targets),
          JSON.stringify(who),
          nowMs(),
        );
        const id = Number(lastInsertRowid);
        plan.steps.forEach(({ name }, position) => {
          run("INSERT INTO step (job, position, name, state) VALUES (?, ?, ?, 'waiting')", id, position, name);
        });
        if (holder) takeLease(id, undefined, holder);
        if (receivers.length > 0)
          run('INSERT INTO telling (job, receivers) VALUES (?, ?)', id, JSON.stringify(receivers));
        return found(id);
      }),
    setJob: (id, state, error) => {
      const now = nowMs();
      const ended = state === 'planned' || state === 'running' || state === 'releasing' ? null : now;
      run(
        'UPDATE job SET state = ?, error = coalesce(?, error), started_ms = coalesce(started_ms, ?), ended_ms = ? WHERE id = ?',
        state,
        error ?? null,
        now,
        ended,
        id,
      );
    },
    requestAbort: (id) => {
      run(
        `UPDATE job SET abort_requested = abort_requested +
           CASE WHEN state = 'releasing' THEN 2 WHEN abort_requested % 2 = 0 THEN 1 ELSE 0 END WHERE id = ?`,
        id,
      );
    },
    takeLease: (id, before, holder) => together(() => takeLease(id, before, holder)),
    replaceLease: (id, before, holder) =>
      together(() => {
        const idleMs = Math.max(0, nowMs() - heardMs(found(id)));
        const taken = takeLease(id, before, holder);
        if (taken) run('UPDATE job SET idle_ms = idle_ms + ? WHERE id = ?', Math.round(idleMs), id);
        return taken;
      }),
    rewriteLease: (id, holder) =>
      run('UPDATE lease SET holder = ? WHERE job = ? AND key = ?', JSON.stringify(holder), id, holder.key).changes ===
      1,
    renewLease: (id, key) =>
      run('UPDATE lease SET renewed_ms = ?, renewals = renewals + 1 WHERE job = ? AND key = ?', nowMs(), id, key)
        .changes === 1,
    endLease: (id, key) => {
      run('UPDATE lease SET ended = 1 WHERE job = ? AND key = ?', id, key);
    },
    setStep: (id, step, state, { result, lost } = {}) => {
      const now = nowMs();
      run(
        // For a runner that starts the step again: the time since its predecessor was last heard of does not count as
        // work.
        `UPDATE step SET
           spent_ms = CASE WHEN ?1 = 'running' AND started_ms IS NOT NULL
             THEN coalesce(spent_ms, 0) + max(coalesce(ended_ms, told_ms, started_ms) - started_ms, 0) ELSE spent_ms END,
           started_ms = CASE WHEN ?1 = 'running' THEN ?2 ELSE coalesce(started_ms, ?2) END,
           progress = json_remove(progress, '$.away'),
           state = ?1, result = coalesce(?3, result), lost = coalesce(?4, lost), ended_ms = ?5
         WHERE job = ?6 AND name = ?7`,
        state,
        now,
        result === undefined ? null : JSON.stringify(result),
        lost === undefined ? null : JSON.stringify(lost),
        state === 'done' || state === 'failed' ? now : null,
        id,
        step,
      );
    },
    addStep: (id, step) => {
      run(
        `INSERT OR IGNORE INTO step (job, position, name, state)
         SELECT ?1, max(position) + 1, ?2, 'waiting' FROM step WHERE job = ?1`,
        id,
        step,
      );
    },
    endRunning: (id) => {
      const last = lastSteps(found(id).plan);
      run(
        `UPDATE step SET state = 'failed', ended_ms = max(coalesce(told_ms, started_ms), started_ms),
           progress = json_remove(progress, '$.away', '$.streams', '$.stalledMs', '$.beside', '$.try')
         WHERE job = ? AND state = 'running' AND name NOT IN (SELECT value FROM json_each(?))`,
        id,
        JSON.stringify(last.map(({ name }) => name)),
      );
    },
    setProgress: (id, step, progress) =>
      together(() => {
        const now = nowMs();
        run(
          'UPDATE step SET progress = ?, told_ms = ? WHERE job = ? AND name = ?',
          JSON.stringify(progress),
          now,
          id,
          step,
        );
        addSample(id, step, progress, now);
      }),
    setResource: (id, step, what, state) => {
      run(
        `INSERT INTO resource (job, step, what, state) VALUES (?, ?, ?, ?)
         ON CONFLICT (job, step) DO UPDATE SET state = excluded.state`,
        id,
        step,
        what,
        state,
      );
    },
    addCommand: (id, { step, key, host, script, scriptSha256, args, startedMs, tookMs, code, said }) => {
      run(
        `INSERT INTO command (job, step, key, host, script, script_sha256, args, started_ms, took_ms, code, said)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        step,
        key,
        host,
        script,
        scriptSha256,
        JSON.stringify(args),
        startedMs,
        tookMs,
        code ?? null,
        said,
      );
    },
    schedules: scheduleStore(database),
    telling: tellingStore(database),
    looks: lookStore(database),
    sharing: sharingOf(database),
    version: () => Number(database.prepare('PRAGMA data_version').get()?.data_version),
    close: () => database.close(),
  };
}
