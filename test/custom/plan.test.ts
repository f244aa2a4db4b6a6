// The job of a command of the inventory, planned from what hosts of the practice fleet said.
import { describe, expect, test } from 'vitest';
import { planCustom } from '../../src/custom/plan.ts';
import type { CommandSettings, Host } from '../../src/inventory/settings.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';

const who = { account: 'ops', jumpHost: 'jump1' };
function planned(commands: Readonly<Record<string, CommandSettings>>, command: string, more: Partial<Host> = {}) {
  const known = practiceInventory().hosts.find((one) => one.name === 'db3');
  const host = known && { ...known, commands, ...more };
  const report = recorded('up').reports.get('db3');
  if (!host || !report) throw new Error('nothing recorded of db3');
  return planCustom({ command, host, report, job: 'cafe', who });
}

describe('a command of the inventory', () => {
  test('is started as a unit with the facts of its host, waited for, and ended with the job', () => {
    const run = ['/opt/pin', '{datadir}', '--port={mysqlPort}', '{{print}}', '{}'] as const;
    const plan = planned({ pin: { run: [...run], deadlineMs: 90_000 } }, 'pin');
    if (!plan.ok) throw new Error(plan.message);
    const [lock, start, wait] = plan.plan.steps;
    expect(lock?.name).toBe('lock db3');
    expect(start?.commands.start?.program).toEqual({
      script: 'custom',
      args: [
        'form=list',
        'seconds=90',
        'look=owned program /opt/pin',
        'look=owned file /srv/mysql/data',
        'argument=/opt/pin',
        'argument=/srv/mysql/data',
        'argument=--port=3306',
        'argument={print}',
        'argument={}',
        'sum=',
      ],
    });
    expect(start?.acquires).toMatchObject({ release: 'end', whenDone: 'release' });
    expect(wait?.commands.poll?.args).toEqual(['poll', 'job=cafe', 'role=custom', 'from=0']);
  });

  test('that is a line is told as it is', () => {
    const plan = planned({ top: { run: 'top -b | head -3 # {datadir}' } }, 'top');
    expect(plan.ok && plan.plan.steps[1]?.commands.start?.program?.args).toEqual([
      'form=line',
      'seconds=600',
      'look=',
      'argument=top -b | head -3 # {datadir}',
      'sum=',
    ]);
  });

  test('that needs a fact that is not known is refused', () => {
    expect(planned({ pin: { run: ['/opt/pin', '{cluster}'] } }, 'pin', { cluster: '-x' })).toMatchObject({
      ok: false,
      message: 'commands.pin needs {cluster}, which is not known of db3',
    });
  });

  test('that there is not is refused with those that there are; one of a step is not run by itself', () => {
    const commands = { pin: { run: 'pin' }, receive: { run: 'r' } };
    expect(planned(commands, 'pim')).toMatchObject({ message: 'db3 has no command pim', advice: 'it has pin' });
    expect(planned(commands, 'constructor')).toMatchObject({ message: 'db3 has no command constructor' });
    expect(planned(commands, 'receive')).toMatchObject({
      message:
        "commands.receive is not a command to run by itself: it is run instead of the target's side of the copy, with --method custom",
    });
  });

  test.each([
    ['start', 'reseed start db3'],
    ['snapshot', 'reseed snapshot create db3'],
    ['createSnapshot', 'reseed snapshot create db3'],
    ['seed', 'reseed seed DONOR db3'],
    ['clean', 'reseed clean db3'],
    ['status', 'reseed status db3'],
    ['port', 'reseed status db3'],
  ])('named as a verb of reseed (%s) has what to type', (name, advice) => {
    expect(planned({ pin: { run: 'pin' } }, name)).toMatchObject({ advice });
    expect(planned({ [name]: { run: '/opt/own' } }, name)).toMatchObject({
      advice: `${advice}; or write the same command under another name`,
    });
  });

  test('is refused on a read-only host', () => {
    expect(planned({ pin: { run: 'pin' } }, 'pin', { readOnly: true })).toMatchObject({
      message: 'db3 is read-only in the inventory',
    });
  });
});
