// Whether a target's source still has the logs after the data's coordinates. This is checked before the target is
// changed, and before it is attached.
import type { RemoteFailure } from '../../../remote/failure.ts';
import type { ExecResult } from '../../../remote/remote.ts';
import type { Stands } from '../../../snapshot/coordinates.ts';
import type { AttachTools } from '../input.ts';
import { readPosition } from '../steps/read-position.ts';
import { coordinatesOf } from './coordinates-of.ts';
import { appliedTwice, cannotFollow, type Origin, originOf, type SourceLook, strangersIn } from './origin.ts';
import { type ReplicationState, readBeginning, readReplicationState } from './replication-state.ts';

/** From the coordinates. If their GTID is empty, only the started target tells it. */
export function toldOrigin(tools: AttachTools): Origin | undefined {
  const { position, follow } = tools.input;
  return originOf(toldStands(tools), position, follow);
}

export const toldStands = (tools: AttachTools): Stands | undefined =>
  tools.input.position === 'here' ? tools.resultOf(readPosition, tools.step.host) : coordinatesOf(tools);

/** `replicationState` is the target's. Without it, coordinates that only the target tells are undefined. */
export function originFor(tools: AttachTools, replicationState?: ReplicationState): Origin | undefined {
  const origin = toldOrigin(tools);
  if (origin?.by !== 'gtid' || origin.gtid !== '') return origin;
  return replicationState && { by: 'gtid', gtid: replicationState.ownGtid };
}

/** Checks its source, and the sources of its further channels. */
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

/** If a source can't be asked, nothing is known to be missing; the replica's connection will show it. */
async function sourceTrouble(
  tools: AttachTools,
  origin: Origin,
  { name, channel }: AskedSource,
): Promise<string | undefined> {
  const { step, note } = tools;
  const { vendor } = tools.input;
  const mark = channel ? ` ${channel.mark}` : '';
  if (!step.commands[`source${mark}`]) {
    note(`${name} is not in the inventory: whether it has all that is needed is not known`);
    return undefined;
  }
  const look = await lookAtSource(tools, name, mark);
  if (!look) {
    note(`! ${name} did not tell of itself: whether it has all that is needed is not known`);
    return undefined;
  }
  // Transactions that a further channel's source lacks may have come by another channel.
  const strangers =
    origin.by === 'gtid' && !channel ? strangersIn(vendor, broughtBy(tools, origin.gtid), look.replicationState) : '';
  if (strangers !== '') note(`! the data holds transactions that ${name} does not have: ${strangers}`);
  const again = appliedTwice(vendor, toldStands(tools)?.gtid ?? '', origin, look);
  return again ?? cannotFollow(vendor, look, origin);
}

/** `mark`: of a further channel, behind a blank. undefined: it can't be asked, or did not answer. */
export async function lookAtSource(tools: AttachTools, name: string, mark = ''): Promise<SourceLook | undefined> {
  const { run, step } = tools;
  const replicationState = step.commands[`source${mark}`] && toldBy(await run(`source${mark}`));
  if (!replicationState) return undefined;
  return { name, replicationState, ...(await beginningOf(tools, replicationState, `beginning${mark}`)) };
}

/** All GTIDs of the data: for MariaDB the position where it continues leaves out the donor's own writes. */
function broughtBy(tools: AttachTools, gtid: string): string {
  const told = coordinatesOf(tools)?.gtid;
  return tools.input.vendor === 'mariadb' && told !== undefined ? `${gtid},${told}` : gtid;
}

/** A server without a binary log refuses the last of the statements, SHOW BINARY LOGS, and has answered all the others. */
export const toldBy = (answer: ExecResult | RemoteFailure): ReplicationState | undefined =>
  answer.ok || answer.kind === 'exit' ? readReplicationState(answer.stdout) : undefined;

async function beginningOf(
  { run, step }: AttachTools,
  { logs }: ReplicationState,
  key: string,
): Promise<Pick<SourceLook, 'beginning'>> {
  const [file] = logs ?? [];
  if (!step.commands[key] || file === undefined) return {};
  const answer = await run(key, { stdin: `file ${file}\n` });
  const beginning = answer.ok ? readBeginning(answer.stdout) : undefined;
  return beginning === undefined ? {} : { beginning };
}
