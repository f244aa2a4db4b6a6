// Notes which process the server is, before a command of the inventory restarts it: another process is the proof that it did.
import { z } from 'zod';
import { defineStep, noInput } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { type ServerWish, serverCommands } from './server-commands.ts';

/** Its pid, the time of its start and the boot; or `none`. */
export const processForm = /^(none|\d+ \d+ [0-9a-f-]{36})$/;

export const noteProcess = defineStep({
  kind: 'note-process',
  input: noInput,
  result: z.object({ process: z.string() }),
  plan: (request: ServerWish) => ({
    name: `note the process of ${request.host.name}`,
    title: `note which process the server of ${request.host.name} is`,
    host: request.host.name,
    input: {},
    commands: { which: serverCommands('stop', request).which },
  }),
  run: async ({ run, step, note }) => {
    const answer = await run('which');
    if (!answer.ok) return notDone(answer);
    const process = answer.stdout.trim();
    if (!processForm.test(process))
      return failed('the answer of service.sh was not understood', 'see the log of the job');
    if (process === 'none') {
      return failed(`no process of a server works in the datadir of ${step.host}`, `reseed start ${step.host}`);
    }
    note(`process ${process.split(' ')[0]}`);
    return { ok: true, result: { process } };
  },
});
