// Stops a server, and is done only when no process of it is left.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { type ServerWish, serverCommands } from './server-commands.ts';
import { waitFor } from './wait-for.ts';

/** A large buffer pool is written for long, and MySQL's default verbosity logs nothing of it. systemd ends it before that where its unit has a limit. */
const limitMs = 2 * 60 * 60_000;

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
  waitFor(tools, limitMs, { late: 'has not ended', done: 'no process of it is left' }, ({ state, process }) =>
    process === undefined && (state === 'inactive' || state === 'failed') ? 'done' : 'on its way',
  );
