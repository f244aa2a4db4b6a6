// Lists the data of the donor: what is copied, in tasks, and the limit of the rate.
import { z } from 'zod';
import { defineStep, noInput, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { limitIn, wayWords } from '../../../scripts/seed-way-words.ts';
import { limitText, shortSize } from '../../../text/amounts.ts';
import { command, donorFolder } from '../../place.ts';
import type { SeedRequest } from '../../request.ts';
import { listCommands, type Read } from '../list-commands.ts';

const result = z.object({ tasks: z.number(), files: z.number(), bytes: z.number() });

export const listData = defineStep({
  kind: 'seed-list',
  input: noInput,
  result,
  plan: ({ request, read }: { readonly request: SeedRequest; readonly read: Read }) => {
    const { name } = request.donor.host;
    const folder = donorFolder(request.job);
    return {
      name: 'list',
      title: `list the data of ${name}`,
      host: name,
      input: {},
      commands: { ...listCommands(request, read), clear: command(name, 'seed-way', wayWords('shut', folder, {})) },
      acquires: { what: `the job's folder ${folder} on ${name}`, release: 'clear', whenDone: 'release' },
    };
  },
  run: list,
});

async function list({ run, note, wordsNow }: StepTools): Promise<StepEnd<z.infer<typeof result>>> {
  const answer = await run('list');
  if (!answer.ok) return notDone(answer);
  const [tasks, files, bytes] = answer.stdout.trim().split(' ').map(Number);
  if (tasks === undefined || files === undefined || bytes === undefined || Number.isNaN(bytes)) {
    return failed('the answer of seed-list.sh was not understood', 'see the log of the job');
  }
  // The operator may have changed it while the data was listed, or under an earlier runner.
  const limited = await run('limit', { asChanged: true });
  if (!limited.ok) return notDone(limited);
  const limit = limitIn(wordsNow('limit'));
  if (limit > 0) note(`at most ${limitText(limit)}; rates that are told are of the data, before compression`);
  note(`${files} files, ${shortSize(bytes)}, in ${tasks} tasks`);
  return { ok: true, result: { tasks, files, bytes } };
}
