// A host as a job reaches it: each command tells whose it is, and for how long it may run. Where another jump host has taken the job up, the host
// refuses it (scripts/host-fence.sh), however late this runner wakes up.
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult, Remote } from '../../remote/remote.ts';
import { fenceWord, forbiddenStatus, knowsFence, takenUpStatus } from '../../scripts/host-fence-words.ts';
import { PlanFault } from '../plan/plan-fault.ts';
import { takenUpAdvice } from './taken-up.ts';

/** The host ends a command that is late by itself, some seconds after its deadline. */
const graceMs = 15_000;

/** `key`: the job's. */
export function fenced(remote: Remote, key: string, nowMs: () => number = () => performance.now()): Remote {
  const running = new Set<{ readonly untilMs: number }>();
  return {
    ...remote,
    get transport() {
      return remote.transport;
    },
    exec: async (script, args, options) => {
      if (!knowsFence(script)) return await remote.exec(script, args, options);
      const own = { untilMs: nowMs() + options.deadlineMs + graceMs };
      running.add(own);
      try {
        // Others that run beside it may run for longer.
        const mostMs = Math.max(...[...running].map(({ untilMs }) => untilMs)) - nowMs();
        return await remote.exec(script, [fenceWord(key, mostMs), ...args], options);
      } finally {
        running.delete(own);
      }
    },
  };
}

/** The same answer. Throws a PlanFault where the host did nothing: another jump host has taken the job up, or its lock was taken away there. */
export function unlessTakenUp<Answer extends ExecResult | RemoteFailure>(answer: Answer): Answer {
  const advice = answer.ok || answer.kind !== 'exit' ? undefined : adviceOf(answer.code, answer.host);
  if (answer.ok || advice === undefined) return answer;
  const said = answer.printed.trim().split('\n').at(-1) ?? '';
  throw new PlanFault(`${answer.host}: ${said}`, advice);
}

function adviceOf(code: number, host: string): string | undefined {
  if (code === takenUpStatus) return takenUpAdvice;
  return code === forbiddenStatus ? `reseed clean ${host} takes away what the job left there` : undefined;
}
