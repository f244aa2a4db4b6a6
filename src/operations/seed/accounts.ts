// The replication accounts of targets, read where they are kept and tried at their sources, as the job's step will
// (prove-account.ts). They stay in memory, and are sent to a target only by standard input.
import type { Host } from '../../inventory/settings.ts';
import { mayPass, notDone } from '../../job/runner/step-end.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import { keptAccountWords, reachWords, type TryLogin, tryAccountWords } from '../../scripts/seed-account-words.ts';
import { reachAdvice, reachOf } from '../../seed/alone/reach.ts';
import type { AccountLook } from '../../seed/preflight/replication/account-checks.ts';
import { isPrimaryUp, isSourceLate } from '../../seed/replica/attachment.ts';
import { sourceName } from '../../seed/replica/input.ts';
import type { AccountPlace, AttachPlan } from '../../seed/replica/plan.ts';
import { type Account, accountFrom, accountIn, accountText } from '../../seed/replica/source/account.ts';
import { channelLogin, trialLogin } from '../../seed/replica/source/trial-login.ts';
import type { SeedRequest } from '../../seed/request.ts';
import { type Asking, ran } from './ask-host.ts';

/** By target name: first for the account of its source, then for each further channel; of a set, the way to its primary. */
export async function accountsOf(
  request: SeedRequest,
  plans: readonly AttachPlan[],
  asking: Asking,
): Promise<Record<string, readonly AccountLook[]>> {
  const all = await Promise.all(
    plans.map(async (plan) => {
      // A donor that is down accepts no login; it is started again after the copy. Nor has a target the data yet.
      const isTried = !isSourceLate(request, plan);
      const [logins, ways] = await Promise.all([
        Promise.all(loginsOf(plan).map((one) => look(one, isTried, asking))),
        plan.source.isTarget ? [await wayTo(plan, isPrimaryUp(request), asking)] : [],
      ]);
      return [plan.target.name, [...logins, ...ways]] as const;
    }),
  );
  return Object.fromEntries(all);
}

const levels = { reached: 'good', closed: 'unknown', unknown: 'unknown', not: 'refused' } as const;

/** Without an account: the primary of its set does not have the data yet. */
async function wayTo({ target, source }: AttachPlan, isUp: boolean, asking: Asking): Promise<AccountLook> {
  const answer = await ran(target, 'seed-account', reachWords(source), asking);
  const { is, text } = reachOf({ from: target.name, to: sourceName(source), isUp }, answer);
  const advice = is === 'reached' ? '' : reachAdvice(target.name, source.known?.name ?? source.host);
  return { is: levels[is], text, advice };
}

interface Login {
  readonly target: Host;
  readonly place: AccountPlace;
  /** `db1 (10.77.0.11:3306)` */
  readonly source: string;
  /** It is a target of the same job. */
  readonly isTarget: boolean;
  readonly at: TryLogin;
  /** What to do if the account can't be read. */
  readonly instead: string;
  /** The beginning of its text: `channel x: `; empty for the default channel. */
  readonly about: string;
}

function loginsOf(plan: AttachPlan): Login[] {
  const { target, account, source, channels = [] } = plan;
  const first: Login = {
    target,
    place: account,
    source: sourceName(source),
    isTarget: source.isTarget === true,
    at: trialLogin(plan),
    instead: '--account FILE, with user = and password = on lines of their own, and mode 600',
    about: '',
  };
  const further = channels.map(
    ({ channel, known, account: own }): Login => ({
      target,
      place: own,
      source: sourceName({ ...channel, ...(known && { known }) }),
      isTarget: false,
      at: channelLogin(plan, channel),
      instead: 'end this channel, and seed again',
      about: `channel ${channel.name}: `,
    }),
  );
  return [first, ...further];
}

async function look(login: Login, isTried: boolean, asking: Asking): Promise<AccountLook> {
  const { target, source, at, about } = login;
  const read = await accountOf(login, asking);
  if ('is' in read) return read;
  const { user } = read;
  const named = `${about}${user}`;
  const untried = login.isTarget
    ? `${source} does not have the data yet`
    : `${source} is down, or will be for this seed`;
  if (!isTried) return { is: 'read', text: `${named} is the account; ${untried}, and was not tried`, advice: '' };
  const tried = await ran(target, 'seed-account', tryAccountWords(at), asking, accountText(read));
  const question = `${about}whether ${user} can log in at ${source} from ${target.name}: unknown`;
  if (!tried) return { is: 'unknown', text: `${question}, it was not asked`, advice: '' };
  if (tried.ok)
    return { is: 'good', text: `${named} can log in at ${source} from ${target.name}, and may replicate`, advice: '' };
  const { message } = notDone(tried);
  if (mayPass(tried)) return { is: 'unknown', text: `${question}, ${message}`, advice: '' };
  const text = `${named} can't replicate from ${source}: ${message}`;
  return { is: 'refused', text, advice: `${user} has to log in at ${source} from ${target.name}` };
}

async function accountOf({ place, instead, about }: Login, asking: Asking): Promise<Account | AccountLook> {
  if ('file' in place) {
    const read = accountIn(place.file);
    return read.ok ? read.account : { is: 'refused', text: read.message, advice: read.advice };
  }
  const { replica, datadir, channel } = place;
  const { name, mysql } = replica;
  // Read from the server: there is no job yet that could have saved it.
  const words = keptAccountWords('tell', { mysql, datadir, file: undefined, channel });
  const answer = await ran(replica, 'seed-account', words, asking);
  const text = `${about}the replication account of ${name} is unknown`;
  if (!answer) return { is: 'unknown', text: `${text}: it was not asked`, advice: instead };
  if (!answer.ok) return unread(answer, text, instead);
  const read = accountFrom(answer.stdout, name);
  return read.ok ? read.account : { is: 'refused', text: `${text}: ${read.message}`, advice: instead };
}

function unread(failure: RemoteFailure, text: string, advice: string): AccountLook {
  return { is: mayPass(failure) ? 'unknown' : 'refused', text: `${text}: ${notDone(failure).message}`, advice };
}
