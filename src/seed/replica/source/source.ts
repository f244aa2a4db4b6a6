// Whether the source of a target still has what comes after the data: asked before the target is touched, and before it is attached.
import { failed } from '../../../job/step-end.ts';
import type { StepEnd } from '../../../job/step-work.ts';
import type { RemoteFailure } from '../../../remote/failure.ts';
import type { ExecResult } from '../../../remote/remote.ts';
import type { AttachTools } from '../input.ts';
import { cannotFollow, fieldsOf, type Origin, originOf, originText, type SourceLook, strangersIn } from './origin.ts';
import { readBeginning, readStanding, type Standing } from './standing.ts';

/** The old data is still in place, and the target may run. */
export async function checkSource(tools: AttachTools): Promise<StepEnd> {
  const origin = originFor(tools);
  if (!origin) return { ok: true };
  const trouble = await sourcesTrouble(tools, origin);
  if (trouble)
    return failed(trouble, 'nothing of the target was changed: choose another source, or take a newer snapshot');
  if (tools.step.commands.source)
    tools.note(`${tools.input.source.name} was asked for what comes after ${originText(origin)}`);
  return { ok: true };
}

/** `standing` is the target's, which alone tells it of data that was copied while its server was down. */
export function originFor({ resultOf, step, input }: AttachTools, standing?: Standing): Origin | undefined {
  const { position, follow, coordinatesOf } = input;
  const told = resultOf(position === 'here' ? `stands ${step.host}` : coordinatesOf);
  const origin = originOf(told, position, follow);
  if (origin?.by !== 'gtid' || origin.gtid !== '') return origin;
  return standing && { by: 'gtid', gtid: standing.ownGtid };
}

/** Of its source, and of those of its further channels. */
export async function sourcesTrouble(tools: AttachTools, origin: Origin): Promise<string | undefined> {
  const { source, channels } = tools.input;
  const trouble = await sourceTrouble(tools, origin, { name: source.name });
  if (trouble !== undefined) return trouble;
  for (const { name, mark, source: from } of channels) {
    const lacking = await sourceTrouble(tools, origin, { name: from, channel: { name, mark } });
    if (lacking !== undefined) return `channel ${name}: ${lacking}`;
  }
  return undefined;
}

interface AskedSource {
  readonly name: string;
  readonly channel?: { readonly name: string; readonly mark: string };
}

/** A source that can't be asked is not known to lack anything: whether it does, it says when the replica calls. */
async function sourceTrouble(
  tools: AttachTools,
  origin: Origin,
  { name, channel }: AskedSource,
): Promise<string | undefined> {
  const { run, step, note } = tools;
  const { vendor } = tools.input;
  const mark = channel ? ` ${channel.mark}` : '';
  if (!step.commands[`source${mark}`]) {
    note(`${name} is not in the inventory: whether it has all that is needed is not known`);
    return undefined;
  }
  const standing = toldBy(await run(`source${mark}`));
  if (!standing) {
    note(`! ${name} did not tell of itself: whether it has all that is needed is not known`);
    return undefined;
  }
  // What a further channel does not have may have come by another.
  const strangers =
    origin.by === 'gtid' && !channel ? strangersIn(vendor, broughtBy(tools, origin.gtid), standing) : '';
  if (strangers !== '') note(`! the data holds transactions that ${name} does not have: ${strangers}`);
  const look: SourceLook = { name, standing, ...(await beginningOf(tools, standing, `beginning${mark}`)) };
  return cannotFollow(vendor, look, origin);
}

/** All that the data has: of a MariaDB the place where it goes on leaves out what the donor wrote itself. */
function broughtBy({ resultOf, input }: AttachTools, gtid: string): string {
  const { vendor, coordinatesOf } = input;
  const told = fieldsOf(resultOf(coordinatesOf)).gtid;
  return vendor === 'mariadb' && typeof told === 'string' ? `${gtid},${told}` : gtid;
}

/** A server without a binary log refuses the last of the statements, SHOW BINARY LOGS, and has told all the rest. */
export const toldBy = (answer: ExecResult | RemoteFailure): Standing | undefined =>
  answer.ok || answer.kind === 'exit' ? readStanding(answer.stdout) : undefined;

async function beginningOf(
  { run, step }: AttachTools,
  { logs }: Standing,
  key: string,
): Promise<Pick<SourceLook, 'beginning'>> {
  const [file] = logs ?? [];
  if (!step.commands[key] || file === undefined) return {};
  const answer = await run(key, { stdin: `file ${file}\n` });
  const beginning = answer.ok ? readBeginning(answer.stdout) : undefined;
  return beginning === undefined ? {} : { beginning };
}
