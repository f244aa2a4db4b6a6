// A salvage made into a job that can be shown and agreed to: what one host has and another lacks, to be applied there.
import { readOnlyRefusal, refusal } from '../../job/plan/refusal.ts';
import { salvageChecks } from '../../salvage/checks.ts';
import { executedOf, hasOf, missingText, runsText } from '../../salvage/gtids.ts';
import { countText, tailWarnings } from '../../salvage/lines.ts';
import { logsToBring, planSalvage } from '../../salvage/plan.ts';
import { shortSize } from '../../text/amounts.ts';
import { receiversOf } from '../notify/receivers.ts';
import { confirmOf } from '../plans/confirm.ts';
import type { Author, Draft, Subject } from '../plans/draft.ts';
import { given, type Result, refused } from '../result.ts';
import type { Asking } from '../seed/ask-host.ts';
import { type Look, type LookRequest, lookAtLogs } from './look.ts';

export interface SalvageRequest extends Pick<LookRequest, 'log'> {
  /** The host that has the transactions. */
  readonly from: Subject;
  /** The host that gets them. */
  readonly to: Subject;
}

export async function salvageDraft(request: SalvageRequest, author: Author, asking: Asking): Promise<Result<Draft>> {
  const { from, to, log } = request;
  const look = await lookAtLogs({ from, start: { by: 'host', host: to }, ...(log && { log }) }, asking);
  if (!look.ok) return look;
  const { behind } = look.value;
  if (!behind) return refused({ kind: 'failed', message: `${to.host.name} did not tell what it has`, advice: '' });
  return given(draftFrom(request, { ...look.value, behind }, author));
}

/** Pure. */
export function draftFrom(
  { from, to }: SalvageRequest,
  { state, behind, log, tail }: Look & { readonly behind: NonNullable<Look['behind']> },
  { key, who }: Author,
): Draft {
  const name = to.host.name;
  const receivers = receiversOf([from.host, to.host]);
  const draft = {
    key,
    who,
    targets: [from.target, to.target],
    impact: [],
    name,
    receivers,
    ...confirmOf([from.host, to.host]),
  };
  const readOnly = readOnlyRefusal(to.host);
  if (readOnly) return { ...draft, planned: readOnly };
  // Where a log has not all that it received, nothing found is not nothing lacking.
  const isWhole = tail.torn.size === 0 && missingText(state, hasOf(behind), tail) === '';
  if (tail.count === 0 && isWhole) {
    const nothing = refusal(`the logs of ${from.host.name} have nothing that ${name} lacks`, '');
    return { ...draft, planned: { ...nothing, nothingToDo: true } };
  }
  const logs = logsToBring(tail);
  const checks = salvageChecks({ from: from.host, to: to.host, state, behind, log, tail, logs });
  const [first] = checks.filter(({ level }) => level === 'refuse');
  if (first) {
    return { ...draft, checks, planned: refusal(`${first.host}: ${first.text}`, first.advice) };
  }
  const [torn] = tail.count === 0 ? tailWarnings(tail) : [];
  if (torn !== undefined) {
    return { ...draft, checks, planned: refusal(`${from.host.name}: ${torn}`, 'what is behind that is not known') };
  }
  const { vendor, version } = behind.server;
  const { defaultsFile, socket } = to.host.mysql;
  const plan = planSalvage({
    job: key,
    who,
    vendor,
    version,
    from: { name: from.host.name, datadir: state.server.datadir },
    to: {
      name,
      datadir: behind.server.datadir,
      login: { ...(defaultsFile !== undefined && { defaultsFile }), ...(socket !== undefined && { socket }) },
    },
    before: executedOf(behind),
    tail,
    logs,
  });
  return {
    ...draft,
    planned: { ok: true, plan },
    checks,
    impact: [
      `${countText(tail.count)} (${shortSize(tail.bytes)}) of ${from.host.name} are applied on ${name}, and can't be taken back: ${runsText(vendor, tail.runs)}`,
    ],
    kept: [
      `an abort keeps what is applied by then, and ${name} knows it by its GTIDs`,
      `to be able to go back: reseed snapshot create ${name}, before`,
      `the replication of ${name} stays stopped`,
    ],
  };
}
