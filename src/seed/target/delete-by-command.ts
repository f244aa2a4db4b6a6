// Gives up the target's old data, and has a command of the inventory delete it: orchestrator-agent's MySQLDeleteDatadirContentCommand. Only where there is no
// room for old and new data. What the command leaves, and the server's places outside of its datadir, the next step deletes (clear-old.ts).
import { z } from 'zod';
import { endOfCommand, untilCommandEnded } from '../../custom/await-command.ts';
import { customText, type NamedCommand, stepCommandAt } from '../../custom/named.ts';
import { givenTo } from '../../custom/plan.ts';
import type { CustomUnit } from '../../custom/start-command.ts';
import type { Host } from '../../inventory/settings.ts';
import { defineStep, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { startAnew } from '../../job/unit/start-anew.ts';
import { unitCommands } from '../../job/unit/unit-commands.ts';
import { whoLine } from '../../job/who.ts';
import { deleteOwnWords } from '../../scripts/seed-own-words.ts';
import { targetWord } from '../place.ts';
import { deleteDeadlineMs, onTarget, stage, type TargetPlan } from './target-plan.ts';

const name = 'deleteDatadir';

export const deleterOf = (host: Pick<Host, 'commands'>): NamedCommand | undefined =>
  stepCommandAt(host, name, deleteDeadlineMs);

interface DeletePlan extends TargetPlan {
  readonly command: Pick<CustomUnit, 'line' | 'words' | 'seconds'>;
}

const input = z.strictObject({ seconds: z.number() });

export const deleteByCommand = defineStep({
  kind: 'seed-delete-own',
  input,
  result: noResult,
  plan: ({ command, ...plan }: DeletePlan) => {
    const { request, target, unit, index } = plan;
    const { host, facts } = target;
    const { job, who } = request;
    const { start, poll, end } = unitCommands({
      host: host.name,
      job,
      role: `delete-${targetWord(index)}`,
      background: false,
      script: 'seed-delete',
      args: deleteOwnWords({ ...command, datadir: facts.datadir, job }),
    });
    return {
      ...onTarget(plan, 'delete by command on'),
      title: `give up the old data of ${host.name}, and run commands.${name}, which can write ${facts.datadir}, memory and devices alone`,
      input: { seconds: command.seconds },
      commands: {
        give: stage(plan, 'give', {}, deleteDeadlineMs),
        start,
        poll,
        hold: stage(plan, 'hold', { unit, who: whoLine(who) }),
        end,
      },
      acquires: { what: `commands.${name} on ${host.name}`, release: 'end', whenDone: 'release' },
    };
  },
  run: async (tools) => {
    const given = await tools.run('give');
    if (!given.ok) return notDone(given);
    const end = await ended(tools);
    // It may have deleted the mark of an incomplete datadir.
    const held = await tools.run('hold');
    if (!held.ok) return notDone(held);
    if (end.ok || tools.signal.aborted) return end;
    // The data is given up by name, and the next step deletes what is left: without that the server would have neither old nor new data.
    tools.note(`! ${end.message}; reseed deletes what is left itself`);
    tools.progress({ text: `! ${end.message}; reseed deletes what is left itself` }, true);
    return { ok: true };
  },
});

/** After a restart of its host it is run again: the data is given up. */
async function ended(tools: StepTools<z.infer<typeof input>>): Promise<StepEnd> {
  const { step, input } = tools;
  for (;;) {
    const unstarted = await startAnew(tools);
    if (unstarted) return unstarted;
    const report = await untilCommandEnded(tools, 'command');
    if (!report.ok) return report;
    if (report.state.kind !== 'absent') return endOfCommand(report, { host: step.host, name, seconds: input.seconds });
  }
}

/** The step, if the inventory has such a command, and the end of the sentence about what is lost. */
export function deletionSteps(plan: TargetPlan) {
  const { host, report, facts } = plan.target;
  const command = deleterOf(host);
  if (!command) return { ok: true as const, steps: [], by: '' };
  const given = givenTo({ command, host, report, values: { directory: facts.datadir } });
  if (!given.ok) return given;
  const by = `, by commands.${name}: ${customText(command, host)}`;
  return { ok: true as const, steps: [deleteByCommand.plan({ ...plan, command: given })], by };
}
