// Starts a command of the inventory as a unit on its host. Said twice, it is started once: the unit is there already, or its mark (custom.sh), which
// outlives a restart of the host. That it was started is in the journal when this step is done, so a later runner only waits for it.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { notDone } from '../job/runner/step-end.ts';
import { unitCommands } from '../job/unit/unit-commands.ts';
import { customUnitWords } from '../scripts/custom-words.ts';

export interface CustomUnit {
  readonly host: string;
  /** The job's key. */
  readonly job: string;
  /** The command's name in the inventory. */
  readonly name: string;
  /** Text: a command line for sh, with `words` after it. */
  readonly line: string | undefined;
  readonly words: readonly string[];
  readonly seconds: number;
  /** The target of a seed, and the role of its unit: two targets may be on one machine. Absent: a job of its own. */
  readonly lane?: string;
  readonly role?: string;
}

/** A job may run several commands, and each target of a seed has its own. */
export const stepName = (what: string, { name, lane }: Pick<CustomUnit, 'name' | 'lane'>): string =>
  [`${what} the command ${name}`, ...(lane === undefined ? [] : [lane])].join(' on ');

export const customUnit = ({ host, job, line, words, seconds, role = 'custom' }: CustomUnit) =>
  unitCommands({
    host,
    job,
    role,
    background: false,
    script: 'custom',
    args: customUnitWords({ line, words, seconds }),
  });

export const startCommand = defineStep({
  kind: 'start-command',
  input: noInput,
  result: noResult,
  plan: (custom: CustomUnit) => {
    const { start, end } = customUnit(custom);
    return {
      name: stepName('start', custom),
      title: `start ${custom.name} on ${custom.host}`,
      host: custom.host,
      lane: custom.lane,
      input: {},
      commands: { start, end },
      acquires: { what: `the command ${custom.name} on ${custom.host}`, release: 'end', whenDone: 'release' },
    };
  },
  run: async ({ run }) => {
    const answer = await run('start');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
