// A jump host that can't write: its disk is full, or no log can be written there.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runs, until } from './fleet.ts';
import { folder, lockOn, nothing, operator, ours, standing } from './operators.ts';
import { held, inTheMiddle, letGo, tidied } from './slow-commands.ts';
import { usesHosts } from './uses.ts';

usesHosts('db6');

describe('a jump host', () => {
  const small = () => join(folder, 'small');
  const smallOperator = () => operator(small());
  const filler = () => join(small(), 'filler');
  const fill = () => runs('sh', ['-c', `cat /dev/zero >'${filler()}' 2>/dev/null; :`]);
  afterEach(async () => {
    await tidied('db6');
    await runs('umount', ['-l', small()]);
  });
  const mounted = async () => {
    await runs('mkdir', ['-p', small()]);
    expect((await runs('mount', ['-t', 'tmpfs', '-o', 'size=1M', 'tmpfs', small()])).exitCode).toBe(0);
  };

  test('whose disk is full does nothing, and says so; what has run is still shown', async () => {
    await mounted();
    await smallOperator().done('snapshot', 'create', 'db6', '--yes');
    const [made = ''] = await ours('db6');
    await fill();
    const refused = await smallOperator().says('snapshot', 'remove', 'db6', made, '--yes=db6');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/^reseed: (nothing was done|the journal of jobs can't be used).*(full|ENOSPC)/m);
    expect(await ours('db6')).toEqual([made]);
    await rm(filler());
    expect(await smallOperator().jobs()).toMatchObject([{ id: 1, state: 'done' }]);
  });

  test('whose disk fills in the middle of a job loses the runner, and not the job', async () => {
    await mounted();
    await held('db6');
    const id = await smallOperator().begun('snapshot', 'create', 'db6', '--yes');
    await inTheMiddle('db6');
    await fill();
    await letGo('db6');
    await until(
      () => smallOperator().runners(),
      (runners) => runners.length === 0,
    );
    await rm(filler());
    expect(await smallOperator().job(id)).toMatchObject({ state: 'running', abandoned: true });
    await smallOperator().done('job', 'resume', id);
    expect(await ours('db6')).toHaveLength(1);
    expect(await lockOn('db6')).toBe('');
  });

  test('where no log can be written does nothing, says so, and leaves no job waiting', async () => {
    const home = join(folder, 'no-log');
    const logs = join(home, 'reseed', 'jobs');
    await operator(home).says('jobs');
    await rm(logs, { recursive: true });
    await writeFile(logs, 'where the folder of the logs would be');
    const refused = await operator(home).says('snapshot', 'create', 'db6', '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/the journal of jobs can't be used: .*E(EXIST|NOTDIR)/);
    await rm(logs);
    expect(await operator(home).jobs()).toEqual([]);
    expect(await standing('db6')).toEqual(nothing);
  });
});
