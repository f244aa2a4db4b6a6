// Starts a server, and is done only when it accepts connections.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { type ServerWish, serverCommands } from './server-commands.ts';
import { quietLimitMs, waitFor, whenReady } from './wait-for.ts';

export const startServer = defineStep({
  kind: 'start-server',
  stage: 'start',
  input: noInput,
  result: noResult,
  plan: (request: ServerWish) => ({
    name: `start ${request.host.name}`,
    title: `start ${request.unit} on ${request.host.name}`,
    host: request.host.name,
    lane: request.lane,
    input: {},
    commands: serverCommands('start', request),
  }),
  run: (tools) => untilReady(tools),
});

/** Waits until it accepts connections: `act` was planned to start it, and `look` to look at it. */
export const untilReady = (tools: Parameters<typeof waitFor>[0]) =>
  waitFor(tools, quietLimitMs, { late: 'takes no connections', done: 'takes connections' }, (look) => {
    const { state, restarts, process } = look;
    const judgement = whenReady(look);
    if (judgement !== 'on its way') return judgement;
    // After the first restart by systemd, the next ones would fail for the same reason.
    const failed = restarts > 0 || state === 'failed' || (state === 'inactive' && process === undefined);
    return failed ? 'failed' : 'on its way';
  });
