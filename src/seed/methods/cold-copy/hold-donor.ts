// Blocks the start of a stopped donor while its files are read, and reads where its binary log ends.
import { z } from 'zod';
import { defineStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { whoLine } from '../../../job/who.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import type { SeedRequest } from '../../request.ts';
import { besideWords } from '../../target/state-places.ts';
import { still } from './still-command.ts';

interface HoldWish {
  readonly request: SeedRequest;
  /** The unit's name for systemctl. */
  readonly unit: string;
  /** The path of the donor's binary logs without their number, if a target does not get them. */
  readonly log: string | undefined;
}

const input = z.strictObject({
  /** For MariaDB, whose data alone does not tell it. */
  needsGtid: z.boolean(),
});

/** Where the binary log ends; undefined: no target needs to know. */
const result = z.object({ gtid: z.string() }).optional();

export const holdDonor = defineStep({
  kind: 'seed-hold',
  input,
  result,
  plan: ({ request, unit, log }: HoldWish) => {
    const { donor, job, who } = request;
    const { name } = donor.host;
    return {
      name: `hold ${name}`,
      title: `block ${unit} start on ${name} while its files are read; a power cut of ${name} meanwhile ends the seed`,
      host: name,
      input: { needsGtid: log !== undefined && versionOf(donor)?.vendor === 'mariadb' },
      commands: {
        run: still(request, 'hold', { unit, who: whoLine(who), log, place: besideWords(donor.facts) }),
        free: still(request, 'free', { unit }),
      },
      acquires: {
        what: `the hold on ${unit} of ${name} (/run/systemd/system/${unit}.service.d/zzzz-reseed-${job}-still.conf)`,
        release: 'free',
        whenDone: 'release',
      },
    };
  },
  run: hold,
});

async function hold(tools: StepTools<z.infer<typeof input>>): Promise<StepEnd<z.infer<typeof result>>> {
  const { run, note, step } = tools;
  const answer = await run('run');
  if (!answer.ok) return notDone(answer);
  const [, gtid] = /^gtid ([\d,-]+)$/m.exec(answer.stdout) ?? [];
  if (gtid === undefined && tools.input.needsGtid) {
    return failed(
      `up to which GTID the data of ${step.host} goes is not known: its binary logs, which do not come along, did not tell`,
      `start the server of ${step.host} and stop it again, or copy a snapshot of it while it runs`,
    );
  }
  if (gtid === undefined) return { ok: true };
  note(`its binary log ends at gtid ${gtid}`);
  return { ok: true, result: { gtid } };
}
