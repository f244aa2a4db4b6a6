// Marks on Fleet, Snapshots, Jobs and the targets of a seed: keys act on all that is marked and shown, and on nothing else.
import { expect, test } from 'vitest';
import { type Console, openConsole, recorded } from './console.tsx';
import { changedJob, jobNumbered, recordedJobs } from './jobs.ts';

const calm = recorded('calm');
const { recordedAtMs: nowMs, views } = recordedJobs();
const ctrlSpace = '\0';

async function onFleet(options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const console = openConsole({ picture: calm.picture, nowMs: calm.recordedAtMs, ...options });
  await console.shows('▸ db1');
  return console;
}
const marked = (console: Console) => [...console.screen().matchAll(/^◆[ ▸] (\S+)/gm)].map(([, name]) => name);
const begun = ({ jobs }: Console) => jobs.launched.map(({ planned }) => planned.ok && planned.plan.title);
const footer = (console: Console) => console.lines().at(-2);

test('space marks and unmarks, V and ctrl+space mark a range from the last mark, esc takes all marks away', async () => {
  const console = await onFleet();
  console.press('j ');
  await console.shows('1 marked');
  console.press('jjV');
  await console.shows('3 marked');
  expect(marked(console)).toEqual(['db2', 'db3', 'db4']);
  console.press(`k j${ctrlSpace}`);
  await console.shows(/^◆ {2}db4|^◆▸ db4/m);
  expect(marked(console)).toEqual(['db2', 'db4']);
  console.press('jj ');
  console.press(`kk${ctrlSpace}`);
  await console.shows('4 marked');
  expect(marked(console)).toEqual(['db2', 'db4', 'db5', 'db6']);
  console.press('\x1b');
  await expect.poll(() => marked(console)).toEqual([]);
});

test('a restart of marked hosts is one proposal: what breaks is named host by host, and the name of each of those is typed', async () => {
  const console = await onFleet();
  console.press(' jVB');
  const plan = await console.shows('2 jobs: restart db1; restart db2');
  expect(plan).toContain('db1: replicas lose their source: db3:3306, db2:3306');
  console.press('ydb2\r');
  await console.shows('that is not the name');
  expect(console.jobs.launched).toEqual([]);
  console.press('db1\r');
  await expect.poll(() => begun(console)).toEqual(['restart db1', 'restart db2']);
  await console.shows('jobs 17, 17 have begun');
  expect(console.screens.getState().fleet.marks).toEqual([]);
});

test('c shows what the jobs of all marked hosts change, job by job', async () => {
  const console = await onFleet();
  console.press(' jVB');
  await console.shows('c: changes');
  console.press('c');
  const plan = await console.shows('c: steps');
  for (const host of ['db1', 'db2'])
    expect(plan).toMatch(new RegExp(`^ restart ${host} *\\n ${host} *\\n +server +- up *\\n +\\+ up, restarted`, 'm'));
});

test('the command is for the marked hosts, and not for the one under the cursor; one that it is not for is left, and said', async () => {
  const console = await onFleet();
  // db6 is down.
  console.press('j G g');
  await console.shows('2 marked');
  expect(console.underCursor()).toBe('db1');
  console.press('D');
  const plan = await console.shows('stop db2');
  expect(plan).toContain('db6 is left as it is: the server is down already');
  expect(plan).not.toContain('stop db1');
});

test('a mark that a filter hides is counted, and its host is left as it is', async () => {
  const console = await onFleet();
  console.press('j j ');
  await console.shows('2 marked');
  console.press('/db3\r');
  await console.shows('2 marked, 1 not shown, filter: db3');
  console.press('s');
  expect(await console.shows('db2 is left as it is: marked, and not shown')).toContain('snapshot db3');
  console.press('y');
  await expect.poll(() => begun(console)).toEqual(['snapshot db3']);
  expect(console.screens.getState().fleet.marks.map(({ id }) => id)).toEqual(['db2']);
});

test('where everything that is marked is hidden no key acts, and says what is marked', async () => {
  const console = await onFleet();
  console.press('j /db3\r');
  await console.shows('1 marked, 1 not shown');
  console.press('s');
  await console.shows('s: what is marked is not shown: db2');
  expect(console.screens.getState().overlay).toBeUndefined();
});

test('a host that leaves the inventory loses its mark, and that is said', async () => {
  const console = await onFleet();
  console.press('j j ');
  await console.shows('2 marked');
  console.fleet.setState({ hosts: calm.picture.hosts.filter(({ host }) => host.name !== 'db2') });
  await console.shows('no longer in the list, and its mark with it: db2');
  expect(console.screens.getState().fleet.marks.map(({ id }) => id)).toEqual(['db3']);
});

test('a command for one host is refused while some are marked', async () => {
  const console = await onFleet();
  console.press('j j ');
  await console.shows('2 marked');
  console.press(':salvage apply\r');
  await console.shows('it is for one at a time, and 2 are marked');
});

test('a read-only console marks, and still changes nothing; a read-only host among the marked is left', async () => {
  const readOnly = await onFleet({ readOnly: true });
  readOnly.press(' s');
  await readOnly.shows('s: this console is read-only');
  const hosts = calm.picture.hosts.map((one) =>
    one.host.name === 'db2' ? { ...one, host: { ...one.host, readOnly: true } } : one,
  );
  const console = await onFleet({ picture: { ...calm.picture, hosts } });
  console.press(' j s');
  expect(await console.shows('db2 is left as it is: db2 is read-only in the inventory')).toContain('snapshot db1');
});

test('e takes the marked hosts as targets, and says of another cluster that it is none', async () => {
  const console = await onFleet();
  console.press('j jVjV');
  await console.shows('3 marked');
  console.press('e');
  await console.shows(/\[x\] {2}\S*db3/);
  await console.shows('db4 is no target: another cluster or vendor');
});

test('proofs of marked hosts are asked for together; y copies the names of all', async () => {
  const console = await onFleet();
  console.press('j j y');
  await expect.poll(() => console.copied).toEqual(['db2\ndb3']);
  console.press(':proof rows\r');
  await console.shows('2 jobs: ');
  expect(console.screen()).toMatch(/db2.*db3/);
});

test('Jobs: abort and resume are for all marked jobs; one that is over is left', async () => {
  const abandoned = jobNumbered(views, 11);
  const second = changedJob(abandoned, { id: 12 });
  const console = openConsole({ picture: calm.picture, nowMs, jobs: [second, ...views] });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows(/▸ +12 /);
  console.press(' j j ');
  await console.shows('3 marked');
  console.press('r');
  await console.shows('job 12 goes on');
  expect(console.jobs.asked).toEqual(['resume 12', 'resume 11']);
  expect(console.screens.getState().message?.text).toContain('job 10 is left as it is: the job is over');
  expect(console.screens.getState().jobs.marks.map(({ id }) => id)).toEqual(['10']);
  console.press('k k ');
  await console.shows('3 marked');
  console.press('a');
  const proposal = await console.shows('abort jobs 12, 11');
  expect(proposal).toContain('job 10 is left as it is: the job is over');
  console.press('y');
  await expect.poll(() => console.jobs.asked.slice(2)).toEqual(['abort 12', 'abort 11']);
});

test('a job that is gone from the journal loses its mark', async () => {
  const console = openConsole({ picture: calm.picture, nowMs, jobs: views });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows(/▸ +11 /);
  console.press(' j ');
  await console.shows('2 marked');
  console.jobs.services.store.setState({ jobs: views.slice(1) });
  await console.shows('no longer in the list, and its mark with it: job 11');
  expect(footer(console)).not.toContain('2 marked');
});

test('Schedules have no marks, and V does nothing there', async () => {
  const console = await onFleet();
  console.press('TV');
  await console.shows('V does nothing here');
});

test('a screen reader hears which rows are marked', async () => {
  const console = openConsole({ picture: calm.picture, nowMs: calm.recordedAtMs, look: { linear: true } });
  await console.shows('selected, 1 of');
  console.press('j k');
  await console.shows('marked: db2:');
});
