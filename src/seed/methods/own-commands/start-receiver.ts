// Starts the operator's receiver on the target, and waits until it has its port open: a sender that calls before would be refused.
import { z } from 'zod';
import { endOfCommand } from '../../../custom/await-command.ts';
import type { CustomUnit } from '../../../custom/start-command.ts';
import { defineStep, noResult, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { unitCommands } from '../../../job/unit/unit-commands.ts';
import { pollUnit } from '../../../job/unit/watch-unit.ts';
import { byWatchedClock } from '../../../remote/deadline.ts';
import { receiveOwnWords } from '../../../scripts/seed-own-words.ts';
import { newData, targetWord } from '../../place.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { portOf, receiveRole } from './commands.ts';

const lookEveryMs = 500;
const limitMs = 60_000;

const input = z.strictObject({ port: z.number(), seconds: z.number() });

interface Receiving {
  readonly request: Pick<SeedRequest, 'job'>;
  readonly target: Side;
  readonly receiver: Pick<CustomUnit, 'line' | 'words' | 'seconds'>;
}

export const startReceiver = defineStep({
  kind: 'seed-own-receive',
  stage: 'copy',
  input,
  result: noResult,
  plan: ({ request: { job }, target: { host, facts }, receiver, ...rest }: Receiving) => {
    const port = portOf({ host, ...rest });
    const { datadir, owner = 'mysql:mysql' } = facts;
    const unit = unitCommands({
      host: host.name,
      job,
      role: `${receiveRole}-${targetWord(0)}`,
      background: false,
      script: 'seed-own',
      args: receiveOwnWords({ ...receiver, port, datadir, job, owner }),
    });
    return {
      name: `receive ${host.name}`,
      title: `start commands.receive on ${host.name}: ${newData(datadir, job)}, port ${port}`,
      host: host.name,
      lane: host.name,
      input: { port, seconds: receiver.seconds },
      commands: { start: unit.start, poll: unit.poll, end: unit.end },
      acquires: { what: `commands.receive on ${host.name}, port ${port}`, release: 'end', whenDone: 'release' },
    };
  },
  run: listening,
});

async function listening(tools: StepTools<z.infer<typeof input>>): Promise<StepEnd> {
  const { run, step, pause, signal, input, note } = tools;
  const begun = await run('start');
  if (!begun.ok) return notDone(begun);
  return byWatchedClock(async (watchedMs) => {
    while (!signal.aborted && watchedMs() < limitMs) {
      const report = await pollUnit(tools, 'poll');
      const isOver = report !== undefined && report.state.kind !== 'running';
      // A runner before this one may have seen it end well: the next step judges that.
      if (isOver) return endOfCommand(report, { host: step.host, name: 'receive', seconds: input.seconds });
      if (report && report.progress !== '') {
        note(`it listens on port ${input.port}`);
        return { ok: true };
      }
      await pause(lookEveryMs);
    }
    return failed(
      `commands.receive of ${step.host} did not open port ${input.port} within ${limitMs / 1000} s`,
      'it is called with the directory and the port that the plan names: see the log of the job',
    );
  });
}
