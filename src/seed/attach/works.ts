// The works of an attachment: a server on copied data made a replica, and followed until it has caught up.
import type { Json } from '../../job/plan.ts';
import { failed, notDone } from '../../job/step-end.ts';
import type { StepEnd, StepTools, StepWorks } from '../../job/step-work.ts';
import { type AccountRead, accountFrom, accountText } from './account.ts';
import { catchUp } from './follow.ts';
import { type AttachInput, attachInput } from './input.ts';
import { hasBegun, type Origin, originText } from './origin.ts';
import { loginAdvice, proveData, proveFiles } from './prove.ts';
import { checkSource, originFor, sourceTrouble } from './source.ts';
import { readStanding, type Standing } from './standing.ts';

/** `accountIn` reads a file of this machine (account.ts). */
export const attachWorks = (accountIn: (path: string) => AccountRead): StepWorks => ({
  'prove-account': (tools) => proveAccount(tools, accountIn),
  'prove-files': proveFiles,
  'prove-data': proveData,
  'check-source': checkSource,
  'read-own-position': readOwnPosition,
  'attach-replica': (tools) => attachReplica(tools, accountIn),
  'catch-up': catchUp,
});

type ReadFile = (path: string) => AccountRead;

async function proveAccount(tools: StepTools, accountIn: ReadFile): Promise<StepEnd> {
  const { run, step, note } = tools;
  const { source } = attachInput(step);
  if (step.commands.keep) {
    const kept = await run('keep');
    if (!kept.ok) return { ...notDone(kept), advice: 'name a file with an account' };
  }
  const read = await accountOf(tools, accountIn);
  if (!read.ok) return read;
  const { user } = read.account;
  const tried = await run('try', { stdin: accountText(read.account) });
  if (!tried.ok) return { ...notDone(tried), advice: `${user} has to log in at ${source.name} from ${step.host}` };
  note(`${user} can log in at ${source.name} from ${step.host}, and may replicate`);
  return { ok: true };
}

/** Written down before it is changed: a server that was reset does not know it any more. */
async function readOwnPosition({ run, step, note }: StepTools): Promise<StepEnd> {
  const looked = await run('look');
  if (!looked.ok) return { ...notDone(looked), advice: loginAdvice(step.host) };
  const standing = readStanding(looked.stdout);
  if (!standing) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  const { ownGtid } = standing;
  if (ownGtid === '') {
    return failed(
      `the data on ${step.host} tells no GTID: where it stands is not known`,
      'copy a new snapshot of a server that runs',
    );
  }
  note(`it stands at gtid ${ownGtid}`);
  return { ok: true, result: { gtid: ownGtid } };
}

async function attachReplica(tools: StepTools, accountIn: ReadFile): Promise<StepEnd> {
  const { run, step, note } = tools;
  const input = attachInput(step);
  const looked = await run('look');
  if (!looked.ok) return { ...notDone(looked), advice: loginAdvice(step.host) };
  const standing = readStanding(looked.stdout);
  if (!standing) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  const origin = originFor(tools, standing);
  if (!origin)
    return failed(`from where ${step.host} is to go on is not known`, 'take a new snapshot of a server that runs');
  const trouble = ownTrouble(step.host, standing, input) ?? (await sourceTrouble(tools, origin));
  if (trouble) return failed(trouble, 'choose another source, or take a newer snapshot');
  if (hasBegun(standing, input.source, origin)) note(`it follows ${input.source.name} already`);
  else {
    const changed = await change(tools, { input, origin, logBin: standing.server.logBin, accountIn });
    if (changed) return changed;
  }
  for (const key of ['begin', 'hold']) {
    const answer = await run(key);
    if (!answer.ok) return notDone(answer);
  }
  return { ok: true, result: { source: input.source.name, gtid: origin.by === 'gtid' ? origin.gtid : '' } };
}

function ownTrouble(host: string, { server }: Standing, { donorUuid }: AttachInput): string | undefined {
  if (donorUuid !== '' && server.serverUuid === donorUuid) {
    return `the server of ${host} has the uuid of its donor: its auto.cnf was copied`;
  }
  return server.readOnly ? undefined : `the server of ${host} takes writes: it was not started by this job`;
}

interface Change {
  readonly input: AttachInput;
  readonly origin: Origin;
  /** @@log_bin of the target. */
  readonly logBin: boolean;
  readonly accountIn: ReadFile;
}

async function change(tools: StepTools, { input, origin, logBin, accountIn }: Change): Promise<StepEnd | undefined> {
  const { run, note } = tools;
  const read = await accountOf(tools, accountIn);
  if (!read.ok) return read;
  const { user, password } = read.account;
  note(`from ${originText(origin)}, as ${user}`);
  const values: Readonly<Record<string, Json>> = {
    host: input.source.host,
    port: input.source.port,
    user,
    password,
    ...input.kept,
    ...(origin.by === 'gtid' ? { gtid: origin.gtid } : { file: origin.file, position: origin.position }),
  };
  const lines = Object.entries(values).map(([name, value]) => `${name} ${value}\n`);
  const unlogged = input.vendor === 'mariadb' && !logBin;
  const answer = await run(unlogged ? 'changeUnlogged' : 'change', { stdin: lines.join('') });
  return answer.ok ? undefined : notDone(answer);
}

/** Asked anew each time: it is kept in no journal. */
async function accountOf({ run, step }: StepTools, accountIn: ReadFile): Promise<AccountRead> {
  const { accountFile } = attachInput(step);
  if (accountFile !== '') return accountIn(accountFile);
  const answer = await run('account');
  const host = step.commands.account?.host ?? '?';
  if (answer.ok) return accountFrom(answer.stdout, host);
  const message = `with which account ${host} replicates is not known: ${notDone(answer).message}`;
  return { ok: false, message, advice: 'name a file with one' };
}
