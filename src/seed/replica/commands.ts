// The commands of the steps that attach a target (steps.ts): queries to it and to its sources, and the statements that
// make it a replica. Those for a further channel have its mark after their key: `source x`.
import type { Host } from '../../inventory/settings.ts';
import type { PlannedCommand } from '../../job/plan/plan.ts';
import { keptAccountWords, type TryLogin, tryAccountWords } from '../../scripts/seed-account-words.ts';
import { seedPersistedWords } from '../../scripts/seed-persisted-words.ts';
import { seedSqlWords } from '../../scripts/seed-sql-words.ts';
import { lookWords, serviceWords } from '../../scripts/service-words.ts';
import { atLeast } from '../../snapshot/lock-words.ts';
import { command } from '../place.ts';
import { attachWords } from './change-words.ts';
import type { AttachPlan, ReplicaAccount, ServerPlan } from './plan.ts';
import { channelLogin, trialLogin } from './source/trial-login.ts';
import { beginningWords, replicaWords, type Speaker, serverWords, sourceWords, statements } from './words.ts';

/** After it was told whom to follow, and before its threads start, for some of what SET PERSIST sets holds from then on. */
export const persistedCommands = ({ target: { name, mysql }, vendor, version }: AttachPlan): Commands =>
  vendor === 'mysql' && atLeast(version, [8])
    ? { persisted: command(name, 'seed-persisted', seedPersistedWords(mysql)) }
    : {};

type Commands = Record<string, PlannedCommand>;

/** For connecting, and for statements that the server answers at once. */
const sqlDeadlineMs = 60_000;

/** The server's state, and its error log since its first start on the new data. */
export const logCommand = ({
  target: { name, mysql },
  unit,
  datadir,
  errorLog: log,
  job,
}: Pick<ServerPlan, 'target' | 'unit' | 'datadir' | 'errorLog' | 'job'>): PlannedCommand => {
  const from = `/var/lib/reseed/log-from/${job}-${unit}`;
  return command(name, 'service', lookWords({ ...mysql, unit, datadir, log, from }));
};

/** In which boot the server runs, or has ended. */
export const endedCommand = ({ target: { name }, unit }: Pick<ServerPlan, 'target' | 'unit'>): PlannedCommand =>
  command(name, 'service', serviceWords('ended', unit));

export const sql = ({ name, mysql }: Host, words: string): PlannedCommand =>
  command(name, 'seed-sql', seedSqlWords(mysql, words), sqlDeadlineMs);

const targetLook = (plan: AttachPlan) => sql(plan.target, `${serverWords} ${replicaWords(plan)}`);

/** `look` for the target, and the commands for its sources. */
export const lookCommands = (plan: AttachPlan): Commands => ({
  look: targetLook(plan),
  ...sourceCommands(plan),
});

/**
 * The same for the whole time of a catching up, with of the source what it has alone: for SHOW BINARY LOGS a MySQL opens each of its logs, and lets no commit go
 * on to the next one meanwhile.
 */
export const aheadCommands = (plan: AttachPlan): Commands => ({
  look: targetLook(plan),
  ...(plan.source.known && { source: sql(plan.source.known, serverWords) }),
});

/** `source`, if it can be asked, and for MariaDB `beginning`, which asks about its oldest log. */
export function sourceCommands(plan: AttachPlan): Commands {
  const { source, channels = [] } = plan;
  return Object.assign(
    { ...askCommands(plan, source.known, '') },
    ...channels.map(({ channel, known }) => askCommands(plan, known, ` ${channel.mark}`)),
  );
}

function askCommands(speaker: Speaker, known: Host | undefined, mark: string): Commands {
  if (!known) return {};
  return {
    [`source${mark}`]: sql(known, sourceWords(speaker)),
    ...(speaker.vendor === 'mariadb' && { [`beginning${mark}`]: sql(known, beginningWords) }),
  };
}

/** For its next starts: now an option has it off. */
export const eventCommands = ({ target, keepsEventsOff }: AttachPlan): Commands =>
  keepsEventsOff ? { keepEventsOff: sql(target, statements('SET PERSIST_ONLY event_scheduler = OFF')) } : {};

/**
 * The target's own @@log_bin, once it runs on the new data, decides which of the two is run. MySQL needs only one: it
 * resets without a log too.
 */
export function changeCommands(plan: AttachPlan): Commands {
  const words = (logBin: boolean) => sql(plan.target, attachWords({ ...plan, tls: trialLogin(plan).tls, logBin }));
  return { change: words(true), ...(plan.vendor === 'mariadb' && { changeUnlogged: words(false) }) };
}

/** They read the accounts. */
export const accountCommands = ({ account, channels = [] }: AttachPlan): Commands => ({
  ...('file' in account ? {} : { account: accountWords('tell', account) }),
  ...Object.fromEntries(channels.map((one) => [`account ${one.channel.mark}`, accountWords('tell', one.account)])),
});

/** They save the accounts that only the old data has, and try each. */
export function proofCommands(plan: AttachPlan): Commands {
  const { target, account, channels = [] } = plan;
  const tries = (login: TryLogin) => command(target.name, 'seed-account', tryAccountWords(login));
  const keeps = 'kept' in account && account.kept !== undefined;
  return {
    ...(keeps && { keep: accountWords('keep', account) }),
    ...accountCommands(plan),
    try: tries(trialLogin(plan)),
    ...Object.assign(
      {},
      ...channels.map(({ channel, account: own }) => ({
        [`keep ${channel.mark}`]: accountWords('keep', own),
        [`try ${channel.mark}`]: tries(channelLogin(plan, channel)),
      })),
    ),
  };
}

/** It tells the account of a replica. */
export const accountTold = (account: ReplicaAccount): PlannedCommand => accountWords('tell', account);

function accountWords(
  verb: 'tell' | 'keep',
  { replica: { name, mysql }, datadir, kept, channel }: ReplicaAccount,
): PlannedCommand {
  return command(name, 'seed-account', keptAccountWords(verb, { mysql, datadir, file: kept, channel }));
}
