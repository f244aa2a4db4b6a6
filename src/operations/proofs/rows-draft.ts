// A proof of rows made into a job that can be shown and agreed to: a replica, compared with its source. Pure.
import type { HostReport, ReplicationChannel, ServerFacts } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import { isOver } from '../../job/journal/record.ts';
import { readOnlyRefusal, refusal } from '../../job/plan/refusal.ts';
import { unreadFilters } from '../../proofs/rows/filters.ts';
import type { Limits } from '../../proofs/rows/hold.ts';
import { isRowProof, planRows } from '../../proofs/rows/plan.ts';
import { type Finding, judging } from '../../seed/preflight/finding.ts';
import { receiversOf } from '../notify/receivers.ts';
import { confirmOf } from '../plans/confirm.ts';
import type { Author, Draft, Subject } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';

/** Of the inventory or of the request; without either these. */
const usualLimits: Limits = { maxLagSeconds: 10, maxLoad: 25 };

interface Sides {
  readonly replica: Subject;
  /** Absent: no host of the inventory is its source. */
  readonly source?: Subject;
}

/** `past`: jobs of the journal. */
export function rowsDraft(
  { replica, source }: Sides,
  wanted: Partial<Limits>,
  { key, who }: Author,
  past: Past = [],
): Draft {
  const { name } = replica.host;
  const both = source ? [replica, source] : [replica];
  const draft = {
    key,
    who,
    targets: both.map(({ target }) => target),
    impact: [],
    name,
    receivers: receiversOf(both.map(({ host }) => host)),
    ...confirmOf(both.map(({ host }) => host)),
  };
  const { maxLagSeconds, maxLoad } = replica.host.proof ?? {};
  const readOnly = readOnlyRefusal(replica.host);
  if (readOnly) return { ...draft, planned: readOnly };
  const other = past.find(({ state, plan }) => !isOver(state) && isRowProof(plan) && plan.hosts[0] === name);
  if (other) {
    const advice = `wait for it, or: reseed job abort ${other.id}`;
    return { ...draft, planned: refusal(`job ${other.id} compares the rows of ${name} already`, advice) };
  }
  const limits = {
    ...usualLimits,
    ...present('maxLagSeconds', maxLagSeconds),
    ...present('maxLoad', maxLoad),
    ...wanted,
  };
  const asked = answersOf(replica, source);
  if ('message' in asked) return { ...draft, planned: refusal(asked.message, asked.advice) };
  const checks = checksOf(asked, limits);
  const [wrong] = checks.filter(({ level }) => level === 'refuse');
  if (wrong) return { ...draft, checks, planned: refusal(`${wrong.host}: ${wrong.text}`, wrong.advice) };
  const spoken = ({ host, server: { vendor, version } }: Answered) => ({ host, speaker: { vendor, version } });
  return {
    ...draft,
    checks,
    planned: { ok: true, plan: planRows({ source: spoken(asked.source), replica: spoken(asked.replica) }, limits) },
    kept: ['all of both hosts: nothing is written there. Other jobs may begin meanwhile'],
  };
}

interface Answered extends Pick<Subject, 'host'> {
  readonly server: ServerFacts;
}
interface Answers {
  readonly source: Answered;
  readonly replica: Answered;
  readonly channel: ReplicationChannel;
}

function answersOf(replica: Subject, source: Subject | undefined): Answers | { message: string; advice: string } {
  const { name } = replica.host;
  const told = replica.report.replication;
  if (!told?.ok)
    return { message: `whether ${name} is a replica is not known: ${whyNot(told)}`, advice: `reseed status ${name}` };
  const [channel, second] = told.value.channels;
  if (!channel) return { message: `${name} replicates from no host`, advice: 'name a replica' };
  if (second)
    return {
      message: `${name} has several channels: which source has the rows of a table is not known`,
      advice: '',
    };
  if (!source)
    return {
      message: `the source of ${name}, ${channel.sourceHost}:${channel.sourcePort}, is no host of the inventory that answers`,
      advice: 'add it to the inventory, or name it: --source HOST',
    };
  const servers = [source, replica].map(({ host, report: { server } }) => ({ host, server }));
  for (const { host, server } of servers)
    if (!server?.ok)
      return {
        message: `the server of ${host.name} does not answer: ${whyNot(server)}`,
        advice: `reseed status ${host.name}`,
      };
  const [one, other] = servers.flatMap(({ host, server }) => (server?.ok ? [{ host, server: server.value }] : []));
  return one && other ? { source: one, replica: other, channel } : { message: `${name} was not asked`, advice: '' };
}

const whyNot = (fact: HostReport['server'] | HostReport['replication']): string =>
  fact && !fact.ok ? fact.why : 'it has not answered that yet';

function checksOf({ source, replica, channel }: Answers, { maxLagSeconds, maxLoad }: Limits): Finding[] {
  const { pass, warn, refuse } = judging(replica);
  const isMariadb = ({ server }: Answered) => server.vendor === 'mariadb';
  const unread = unreadFilters(channel.filters ?? []);
  return [
    pass(`its source is ${source.host.name}`),
    ...(isMariadb(source) === isMariadb(replica)
      ? []
      : [
          refuse(
            `${source.host.name} is a ${source.server.vendor}, and it a ${replica.server.vendor}: their positions have nothing in common`,
          ),
        ]),
    ...[source, replica]
      .filter(({ server }) => !server.gtid)
      .map((one) =>
        judging(one).refuse(
          'it has no GTIDs (gtid_mode): at what position rows are read is not known',
          'switch GTIDs on',
        ),
      ),
    ...(unread.length === 0 ? [] : [refuse(`which tables it replicates is not known: ${unread.join(', ')}`)]),
    ...(channel.sqlThread === 'running'
      ? []
      : [warn('its applier does not run: the proof waits for it', `reseed status ${replica.host.name}`)]),
    pass(
      `it waits while the lag is above ${maxLagSeconds} s, or more than ${maxLoad} threads run on ${source.host.name} or ${replica.host.name}`,
    ),
  ];
}
