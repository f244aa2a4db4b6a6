// Gives a server that runs another source: how it replicated is written down there first, and what it lacks is looked at anew.
import { defineStep, type FailedStep, noResult, type StepEnd } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import {
  changingReattachWords,
  forgetReattachWords,
  noteReattachWords,
  undoReattachWords,
} from '../../../scripts/seed-reattach-words.ts';
import { valueLines } from '../../../scripts/seed-sql-words.ts';
import { command } from '../../place.ts';
import { accountCommands, accountTold, lookCommands, sql } from '../../replica/commands.ts';
import { type AttachTools, attachSchema, inputOf, sourceName } from '../../replica/input.ts';
import { notLetIn } from '../../replica/login-advice.ts';
import { onTarget } from '../../replica/on-target.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import { accountFrom } from '../../replica/source/account.ts';
import { accountOf } from '../../replica/told-account.ts';
import { errantText } from './errant.ts';
import { byFile } from './history.ts';
import { historyNow } from './history-now.ts';
import { type ReplicaBefore, readReplicaBefore } from './replica-before.ts';
import { channelsQuestion, reattachWords, restoreWords, startWords, stopWords } from './words.ts';

export const reattach = defineStep({
  kind: 'seed-reattach',
  stage: 'attach',
  input: attachSchema,
  result: noResult,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'reattach'),
    title: `make ${plan.target.name} replicate from ${sourceName(plan.source)}, on the data that it has`,
    input: inputOf(plan),
    commands: {
      ...lookCommands(plan),
      ...accountCommands(plan),
      own: accountTold({ replica: plan.target, datadir: plan.datadir }),
      'note none': note(plan, 'none'),
      'note gtid': note(plan, 'gtid'),
      // Of a MariaDB that is refused: its source would send again, and it would apply again, what it has applied by GTID since.
      ...(plan.vendor === 'mysql' && { 'note file': note(plan, 'file') }),
      stop: sql(plan.target, stopWords(plan)),
      changing: command(plan.target.name, 'seed-reattach', changingReattachWords(plan, plan.source)),
      change: sql(plan.target, reattachWords({ ...plan, tls: plan.source.tls || plan.kept?.tls === true })),
      begin: sql(plan.target, startWords(plan)),
      undo: command(
        plan.target.name,
        'seed-reattach',
        undoReattachWords(plan, plan.target.mysql, channelsQuestion(plan)),
      ),
    },
    acquires: {
      what: `the source of ${plan.target.name}, changed; how it replicated before is in /var/lib/reseed/before/${plan.job}-${plan.unit}`,
      release: 'undo',
      whenDone: 'over',
    },
  }),
  run,
});

const note = (plan: AttachPlan, before: ReplicaBefore['is']) =>
  command(
    plan.target.name,
    'seed-reattach',
    noteReattachWords(plan, {
      restore: restoreWords(plan, before),
      receive: startWords(plan, 'IO_THREAD'),
      apply: startWords(plan, 'SQL_THREAD'),
    }),
  );

/** Forgets how it was: from here on it stays the replica that it is. */
export const keepReattached = defineStep({
  kind: 'seed-keep-reattached',
  input: attachSchema,
  result: noResult,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'keep'),
    title: `delete the note of how ${plan.target.name} replicated before`,
    input: inputOf(plan),
    commands: { run: command(plan.target.name, 'seed-reattach', forgetReattachWords(plan)) },
  }),
  run: async ({ run }) => {
    const answer = await run('run');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});

async function run(tools: AttachTools): Promise<StepEnd> {
  const { run, step, input } = tools;
  const looked = await run('look');
  if (!looked.ok) return notLetIn(looked, step.host);
  const before = readReplicaBefore(looked.stdout);
  if (!before) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  if (input.vendor === 'mariadb' && before.is === 'file') {
    const { why, advice } = byFile(step.host);
    return failed(why, advice);
  }
  const unnoted = await noteBefore(tools, before);
  if (unnoted) return unnoted;
  const stopped = await run('stop');
  if (!stopped.ok) return notDone(stopped);
  const trouble = await historyTrouble(tools);
  if (trouble) return trouble;
  const read = await accountOf(tools);
  if (!read.ok) return read;
  const { host, port } = input.source;
  const changing = await run('changing');
  if (!changing.ok) return notDone(changing);
  const changed = await run('change', { stdin: valueLines({ ...input.kept, host, port, ...read.account }) });
  if (!changed.ok) return notDone(changed);
  tools.note(`it replicates from ${input.source.name} as ${read.account.user}`);
  const begun = await run('begin');
  return begun.ok ? { ok: true } : notDone(begun);
}

/** With the account that it logged in with: an undo says that again. */
async function noteBefore(tools: AttachTools, { is, values }: ReplicaBefore): Promise<FailedStep | undefined> {
  const { run, step, input } = tools;
  const account = is === 'none' ? undefined : await ownAccount(tools);
  if (account && !account.ok)
    return { ...account, advice: `without it ${step.host} could not be made again what it is` };
  const noted = await run(`note ${is}`, { stdin: valueLines({ ...input.kept, ...values, ...account?.account }) });
  return noted.ok ? undefined : notDone(noted);
}

async function ownAccount({ run, step }: AttachTools) {
  const told = await run('own');
  return told.ok ? accountFrom(told.stdout, step.host) : { ...notDone(told), ok: false as const };
}

/** Its replication is stopped: what it has now is what it will begin with. */
async function historyTrouble(tools: AttachTools): Promise<FailedStep | undefined> {
  const asked = await historyNow(tools);
  if (!asked.ok) return asked;
  const { history } = asked;
  const { step, input, note } = tools;
  if (history.is === 'refused') return failed(history.why, history.advice);
  if (history.is === 'errant') {
    const { gtids } = history;
    const errant = { vendor: input.vendor, target: step.host, source: input.source.name, donor: '', gtids };
    return failed(errantText(errant), 'plan it again: the plan says what may be done about them');
  }
  note(`it lacks ${history.lacking} transactions, which ${input.source.name} has`);
  return undefined;
}
