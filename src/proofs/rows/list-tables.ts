// Lists the tables of both sides: what is compared, what replication leaves out, and what can't be compared. Its result is a part of the evidence.
import { defineStep, type FailedStep, noInput, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed, notDone } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { sql } from '../../seed/replica/commands.ts';
import { readReplicationState } from '../../seed/replica/source/replication-state.ts';
import { leftOutWords, serverWords } from '../../seed/replica/words.ts';
import { type SpokenSides, sideCommands } from './commands.ts';
import { unreadFilters } from './filters.ts';
import { givenOf } from './given.ts';
import { ask, type SideTools } from './sides.ts';
import { type ListedTables, readTables, tablesOf, tablesQuestion, tablesSchema } from './tables.ts';

export const listTables = defineStep({
  kind: 'rows-tables',
  input: noInput,
  result: tablesSchema,
  plan: (sides: SpokenSides) => ({
    name: 'list tables',
    title: `list the tables of ${sides.source.host.name} and ${sides.replica.host.name}`,
    host: sides.replica.host.name,
    input: {},
    commands: { ...sideCommands(sides), logged: sql(sides.source.host, `${serverWords} ${leftOutWords}`) },
  }),
  run: (tools) => byWatchedClock((watchedMs) => list(tools, watchedMs)),
});

async function list(tools: StepTools, watchedMs: WatchedMs): Promise<StepEnd<ListedTables>> {
  const { run, step, note } = tools;
  const logged = await run('logged');
  if (!logged.ok) return notDone(logged);
  const { leftOut } = readReplicationState(logged.stdout) ?? {};
  if (!leftOut) return failed(`${step.commands.logged?.host} did not tell what it leaves out of its binary log`);
  const side: SideTools = { ...tools, watchedMs, say: (text) => tools.progress({ text }) };
  const source = await listed(side, 'source', '');
  if ('ok' in source) return source;
  const replica = await listed(side, 'replica', givenOf(source.state));
  if ('ok' in replica) return replica;
  const dataIds = { source: source.dataId, replica: replica.dataId };
  const after = await listed({ ...side, dataIds }, 'source', '');
  if ('ok' in after) return after;
  const filters = [...(replica.state.channel?.filters ?? []), ...leftOut];
  const unread = unreadFilters(filters);
  if (unread.length > 0)
    return failed(`which tables are replicated is not known: ${unread.join(', ')}`, 'compare them by hand');
  const tables = tablesOf({
    source: source.tables,
    replica: replica.tables,
    sourceAfter: after.tables,
    filters,
  });
  for (const [word, some] of [
    ['DIFFERENT', tables.missing],
    ['not compared', tables.notCompared],
    ['not replicated', tables.leftOut],
  ] as const)
    for (const { table, why } of some) note(`${word}: ${table}: ${why}`);
  return { ok: true, result: { ...tables, dataIds } };
}

async function listed(tools: SideTools, side: 'source' | 'replica', gtid: string) {
  for (let tries = 0; tries < 60 && !tools.signal.aborted; tries++) {
    const answer = await ask(tools, side, { ask: { tables: tablesQuestion }, gtid });
    if (!answer.ok) return 'is' in answer ? failed(answer.why) : (answer as FailedStep);
    const { hasCome, answers, state, dataId } = answer.told;
    if (!hasCome) {
      tools.say('waiting for the replica, which is behind');
      continue;
    }
    const tables = readTables(answers.get('tables'));
    return tables ? { tables, state, dataId } : failed('a server did not tell its tables');
  }
  return failed('the replica did not come to the position of the source', 'see whether it replicates: reseed status');
}
