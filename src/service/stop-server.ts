// Stops a server, and is done only when no process of it is left.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { type ServerWish, serverCommands } from './server-commands.ts';
import { quietLimitMs, waitFor } from './wait-for.ts';

export const stopServer = defineStep({
  kind: 'stop-server',
  stage: 'stop',
  input: noInput,
  result: noResult,
  plan: (request: ServerWish) => ({
    name: `stop ${request.host.name}`,
    title: `stop ${request.unit} on ${request.host.name}`,
    host: request.host.name,
    lane: request.lane,
    input: {},
    commands: serverCommands('stop', request),
  }),
  run: (tools) => untilStopped(tools),
});

/** Waits until no process of it is left: `act` was planned to stop it, and `look` to look at it. */
export const untilStopped = (tools: Parameters<typeof waitFor>[0]) =>
  waitFor(tools, quietLimitMs, { late: 'has not ended', done: 'no process of it is left' }, ({ state, process }) =>
    process === undefined && (state === 'inactive' || state === 'failed') ? 'done' : 'on its way',
  );
