// The works of an attachment: a server on copied data made a replica, and followed until it has caught up.
import type { Json } from '../../job/plan.ts';
import { failed, notDone } from '../../job/step-end.ts';
import { defineStep, type StepEnd, type StepTools, type StepWorks } from '../../job/step-work.ts';
import { catchUp } from './follow.ts';
import { latestPosition } from './gtid-set.ts';
import { type AttachInput, type AttachTools, attachSchema, type ChannelInput } from './input.ts';
import { readOpened } from './memory-tables.ts';
import { loginAdvice, proveData, proveFiles } from './proof/prove.ts';
import { type AccountRead, accountFrom, accountText } from './source/account.ts';
import { fieldsOf, hasBegun, type Origin, originText } from './source/origin.ts';
import { checkSource, originFor, sourcesTrouble } from './source/source.ts';
import { readStanding, type Standing } from './source/standing.ts';

/** `accountIn` reads a file of this machine (account.ts). */
export const attachWorks = (accountIn: (path: string) => AccountRead): StepWorks => ({
  'prove-account': defineStep(attachSchema, (tools) => proveAccount(tools, accountIn)),
  'prove-files': defineStep(attachSchema, proveFiles),
  'prove-data': defineStep(attachSchema, proveData),
  'check-source': defineStep(attachSchema, checkSource),
  'read-own-position': defineStep(attachSchema, readOwnPosition),
  'attach-replica': defineStep(attachSchema, (tools) => attachReplica(tools, accountIn)),
  'catch-up': defineStep(attachSchema, catchUp),
});

type ReadFile = (path: string) => AccountRead;

async function proveAccount(tools: AttachTools, accountIn: ReadFile): Promise<StepEnd> {
  const { run, step, note } = tools;
  const { source, channels } = tools.input;
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
  for (const channel of channels) {
    const end = await proveChannel(tools, channel);
    if (end) return end;
  }
  return { ok: true };
}

async function proveChannel(tools: StepTools, { name, mark, source }: ChannelInput): Promise<StepEnd | undefined> {
  const { run, step, note } = tools;
  const kept = await run(`keep ${mark}`);
  if (!kept.ok) return { ...notDone(kept), advice: `with which account channel ${name} replicates can't be kept` };
  const read = await channelAccount(tools, mark);
  if (!read.ok) return read;
  const { user } = read.account;
  const tried = await run(`try ${mark}`, { stdin: accountText(read.account) });
  if (!tried.ok) {
    return { ...notDone(tried), advice: `channel ${name}: ${user} has to log in at ${source} from ${step.host}` };
  }
  note(`channel ${name}: ${user} can log in at ${source}, and may replicate`);
  return undefined;
}

/** Written down before it is changed: a server that was reset does not know it any more. */
async function readOwnPosition({ run, step, input, note, resultOf }: AttachTools): Promise<StepEnd> {
  const looked = await run('look');
  if (!looked.ok) return { ...notDone(looked), advice: loginAdvice(step.host) };
  const standing = readStanding(looked.stdout);
  if (!standing) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  // Of a MariaDB whose log did not come along, the data knows what it replicated, and not what it wrote itself.
  const { vendor, coordinatesOf } = input;
  const { gtid: logged } = fieldsOf(resultOf(coordinatesOf));
  if (typeof logged !== 'string' && lacksDonorLogs(input, standing)) {
    return failed(
      `the server of ${step.host} did not read the binary logs of its donor: its gtid_binlog_pos is empty, and it lists ${standing.logs?.length ?? 'no'} binary logs. Where the data ends is not known`,
      'copy a snapshot of a server that runs, which needs no binary log',
    );
  }
  const ownGtid =
    vendor === 'mariadb' && typeof logged === 'string' ? latestPosition(standing.ownGtid, logged) : standing.ownGtid;
  if (ownGtid === '') {
    return failed(
      `the data on ${step.host} tells no GTID: where it stands is not known`,
      'copy a new snapshot of a server that runs',
    );
  }
  note(`it stands at gtid ${ownGtid}`);
  return { ok: true, result: { gtid: ownGtid } };
}

/** Logs that came along and have no GTID, of a replica without log_slave_updates, are listed before the one that its own start began. */
const lacksDonorLogs = ({ vendor, donorLogs }: AttachInput, { binlogGtid, logs = [] }: Standing): boolean =>
  vendor === 'mariadb' && donorLogs > 0 && binlogGtid === '' && logs.length <= donorLogs;

async function attachReplica(tools: AttachTools, accountIn: ReadFile): Promise<StepEnd> {
  const { run, step, input, note } = tools;
  const looked = await run('look');
  if (!looked.ok) return { ...notDone(looked), advice: loginAdvice(step.host) };
  const standing = readStanding(looked.stdout);
  if (!standing) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  const origin = originFor(tools, standing);
  if (!origin)
    return failed(`from where ${step.host} is to go on is not known`, 'take a new snapshot of a server that runs');
  const trouble = ownTrouble(step.host, standing, input) ?? (await sourcesTrouble(tools, origin));
  if (trouble) return failed(trouble, 'choose another source, or take a newer snapshot');
  if (hasBegun(standing, input.source, origin)) note(`it follows ${input.source.name} already`);
  else {
    const opened = await openMemoryTables(tools);
    if (opened) return opened;
    const changed = await change(tools, { input, origin, logBin: standing.server.logBin, accountIn });
    if (changed) return changed;
  }
  const begun = await run('begin', input.channels.length > 0 ? { stdin: linesOf(input.kept) } : {});
  if (!begun.ok) return notDone(begun);
  const held = await run('hold');
  if (!held.ok) return notDone(held);
  noteEvents(tools, input);
  return { ok: true, result: { source: input.source.name, gtid: origin.by === 'gtid' ? origin.gtid : '' } };
}

function noteEvents({ step, note }: StepTools, { eventsOff }: AttachInput): void {
  if (!eventsOff) return;
  note(
    `! its event scheduler is off until its next restart. Before that, disable there the events that information_schema.EVENTS has as ENABLED: ${step.host} would run them as well as its source`,
  );
}

/** Before the reset of its log, which takes away what the server writes there of them. A job that an older reseed began does not know it. */
async function openMemoryTables({ run, step, note }: StepTools): Promise<StepEnd | undefined> {
  if (!step.commands.openMemory) return undefined;
  const answer = await run('openMemory');
  if (!answer.ok) return notDone(answer);
  const { count, unopened } = readOpened(answer.stdout);
  if (count > 0) note(`MEMORY tables opened before the binary log is reset: ${count - unopened.length} of ${count}`);
  if (unopened.length > 0) {
    note(`! ${unopened.join(', ')}: not opened; when it is, ${step.host} logs a transaction of its own`);
  }
  return undefined;
}

function ownTrouble(
  host: string,
  { server, eventScheduler }: Standing,
  { donorUuid, eventsOff }: AttachInput,
): string | undefined {
  if (donorUuid !== '' && server.serverUuid === donorUuid) {
    return `the server of ${host} has the uuid of its donor: its auto.cnf was copied`;
  }
  if (eventsOff && eventScheduler === 'ON') {
    return `the event scheduler of ${host} is on, though it was started without: its init_file or a session switched it on, and it runs the events of its donor`;
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

async function change(tools: AttachTools, { input, origin, logBin, accountIn }: Change): Promise<StepEnd | undefined> {
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
  const accounts: Record<string, Json> = {};
  for (const { mark } of input.channels) {
    const own = await channelAccount(tools, mark);
    if (!own.ok) return own;
    accounts[`user${mark}`] = own.account.user;
    accounts[`password${mark}`] = own.account.password;
  }
  const unlogged = input.vendor === 'mariadb' && !logBin;
  const answer = await run(unlogged ? 'changeUnlogged' : 'change', { stdin: linesOf({ ...values, ...accounts }) });
  return answer.ok ? undefined : notDone(answer);
}

/** For seed-sql.sh. */
const linesOf = (values: Readonly<Record<string, Json>>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');

/** Asked anew each time: it is kept in no journal. */
async function accountOf({ run, step, input }: AttachTools, accountIn: ReadFile): Promise<AccountRead> {
  const { accountFile } = input;
  if (accountFile !== '') return accountIn(accountFile);
  return await toldAccount({ run, step }, 'account', 'name a file with one');
}

const channelAccount = (tools: Pick<StepTools, 'run' | 'step'>, mark: string) =>
  toldAccount(tools, `account ${mark}`, 'end this channel, and seed again');

async function toldAccount(
  { run, step }: Pick<StepTools, 'run' | 'step'>,
  key: string,
  advice: string,
): Promise<AccountRead> {
  const answer = await run(key);
  const host = step.commands[key]?.host ?? '?';
  if (answer.ok) return accountFrom(answer.stdout, host);
  const message = `the replication account of ${host} is unknown: ${notDone(answer).message}`;
  return { ok: false, message, advice };
}
