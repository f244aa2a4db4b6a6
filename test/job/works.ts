// A small job of real parts: a folder of a unit on this machine is made, filled, and removed or kept.

import { z } from 'zod';
import { awaitCommand } from '../../src/custom/await-command.ts';
import { endCommand } from '../../src/custom/end-command.ts';
import { startCommand } from '../../src/custom/start-command.ts';
import { checkPrograms } from '../../src/hooks/check-programs.ts';
import { runHookHere } from '../../src/hooks/run-here.ts';
import { runHookOnHost } from '../../src/hooks/run-on-host.ts';
import type { Plan, PlannedCommand } from '../../src/job/plan/plan.ts';
import { type StepWorks, worksOf } from '../../src/job/plan/step-work.ts';
import { notDone } from '../../src/job/runner/step-end.ts';
import { pollUnitWords, startUnitWords, unitWords } from '../../src/scripts/unit-words.ts';
import { kindOf } from './kinds.ts';

const command = (args: string[]): PlannedCommand => ({ host: 'here', script: 'unit', args, deadlineMs: 20_000 });

/** Two units: `held` is released at the end, `product` is kept. Between them is a step that ends as `middle` says. */
export function unitPlan(word: string, middle: 'passes' | 'fails' | 'waits'): Plan {
  const unit = (role: string, whenDone: 'release' | 'keep') => ({
    name: role,
    title: `start the unit ${role}`,
    host: 'here',
    work: 'start',
    input: {},
    commands: {
      start: command(startUnitWords({ job: word, role, by: 'setsid', background: false, mark: 'mark' })),
      release: command(unitWords('clear', { job: word, role })),
    },
    acquires: { what: `unit ${word}/${role}`, release: 'release', whenDone },
  });
  return {
    kind: 'test',
    title: `two units of ${word}`,
    hosts: ['here'],
    destroys: [],
    steps: [
      unit('held', 'release'),
      {
        name: 'middle',
        title: 'the middle',
        host: 'here',
        work: middle,
        input: {},
        commands: middle === 'waits' ? { look: command(pollUnitWords({ job: word, role: 'held' }, 0)) } : {},
      },
      unit('product', 'keep'),
    ],
  };
}

export const works: StepWorks = worksOf([
  kindOf('start', z.strictObject({}), async ({ run }) => {
    const answer = await run('start', { stdin: 'exit 0\n#mark\n' });
    return answer.ok ? { ok: true, result: answer.stdout } : { ok: false, message: answer.message, advice: '' };
  }),
  kindOf('passes', z.strictObject({}), async () => ({ ok: true })),
  kindOf('fails', z.strictObject({}), async () => ({
    ok: false,
    message: 'it was to fail',
    advice: 'write another test',
  })),
  kindOf('waits', z.strictObject({}), async ({ signal, pause, run }) => {
    while (!signal.aborted) await pause(60_000);
    const answer = await run('look');
    return answer.ok ? { ok: true } : notDone(answer);
  }),
  startCommand,
  awaitCommand,
  endCommand,
  checkPrograms,
  runHookHere,
  runHookOnHost,
]);
