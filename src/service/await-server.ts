// Waits for a server that a command of the inventory has started or stopped: such a command may end before that.
import { z } from 'zod';
import { defineStep, noResult } from '../job/plan/step-work.ts';
import { type ServerWish, serverCommands } from './server-commands.ts';
import { limitAfterCommand, waitFor, whenReady } from './wait-for.ts';

interface AwaitedServer extends ServerWish {
  readonly verb: 'start' | 'stop';
}

export const awaitServer = defineStep({
  kind: 'await-server',
  input: z.strictObject({ verb: z.enum(['start', 'stop']) }),
  result: noResult,
  plan: ({ verb, ...request }: AwaitedServer) => {
    const { name } = request.host;
    return {
      name: `wait for the ${verb} of ${name}`,
      title: `wait until the server of ${name} ${verb === 'start' ? 'takes connections' : 'has ended'}`,
      host: name,
      input: { verb },
      commands: { look: serverCommands(verb, request).look },
    };
  },
  // systemd need not have started it: only the server itself counts. Where systemd is about to start it again, it has not ended.
  run: (tools) =>
    tools.input.verb === 'start'
      ? waitFor(tools, limitAfterCommand, { late: 'takes no connections', done: 'takes connections' }, whenReady)
      : waitFor(
          tools,
          limitAfterCommand,
          { late: 'has not ended', done: 'no process of it is left' },
          ({ process, state }) =>
            process === undefined && (state === 'inactive' || state === 'failed') ? 'done' : 'on its way',
        ),
});
