// Whether a host can give its datadir.

import { marksOf } from '../../host/snapshots.ts';
import { serverState } from '../../service/server-state.ts';
import { patienceSeconds, snapshotMeans } from '../../snapshot/create.ts';
import { shortDuration, shortSize } from '../../text/amounts.ts';
import { hasGtid } from '../replica/attachment.ts';
import type { SeedWish, Side } from '../request.ts';
import { besidePlaces, givenBytes } from '../target/state-places.ts';
import { donorTools } from '../transfer/channel-checks.ts';
import { datadirChecks, lockChecks, toolChecks } from './data/datadir-checks.ts';
import { engineChecks } from './data/engine-checks.ts';
import { innodbChecks } from './data/innodb-checks.ts';
import { nextStartChecks } from './data/next-start-checks.ts';
import { wholeChecks } from './data/whole-checks.ts';
import { type Finding, judging } from './finding.ts';
import { clusterChecks } from './identity/cluster-checks.ts';
import { reachChecks } from './identity/identity-checks.ts';
import { channelLossChecks } from './replication/channel-loss.ts';
import { eventChecks } from './replication/event-checks.ts';
import { filterChecks } from './replication/filter-checks.ts';
import { lagChecks } from './replication/lag-checks.ts';
import { passedOverChecks } from './replication/passed-over.ts';

const neededTools = ['tar', 'cksum'];
const worryingAgeSeconds = 86_400;

export function donorChecks(wish: SeedWish): Finding[] {
  const { donor } = wish;
  const { facts } = donor;
  const bytes = givenBytes(facts);
  const beside = besidePlaces(facts).map(({ path }) => path);
  return [
    ...reachChecks(donor),
    ...datadirChecks(donor),
    ...nextStartChecks(donor, 'donor'),
    ...innodbChecks(donor, 'donor'),
    ...lockChecks(donor, wish.openJobs),
    ...wholeChecks(wish),
    ...clusterChecks(donor),
    ...toolChecks(donor, [...neededTools, ...donorTools(wish)]),
    ...sourceChecks(wish),
    ...engineChecks(wish),
    ...channelLossChecks(wish),
    ...filterChecks(wish),
    ...passedOverChecks(donor, 'donor'),
    ...eventChecks(wish),
    bytes === undefined
      ? judging(donor).unknown(`data: how much is unknown, ${facts.datadir} has more than could be counted`)
      : judging(donor).pass(`data: ${shortSize(bytes)} in ${[facts.datadir, ...beside].join(', ')}`),
  ];
}

/** What the data comes from: the files of a server that is down, a snapshot that is there, or one that is to be taken. */
function sourceChecks(wish: SeedWish): Finding[] {
  const { donor, snapshot, stopped } = wish;
  const { pass, refuse } = judging(donor);
  if (stopped) return stoppedChecks(donor);
  if (!snapshot) return [...takingChecks(donor), ...lagChecks(wish)];
  const name = `${snapshot.group}/${snapshot.volume}`;
  if (!snapshot.valid) return [refuse(`${name} is invalid: what it held is lost`, 'take another')];
  if (!hasGtid(donor) && !marksOf(snapshot).proved) {
    return [
      refuse(
        `${name} was not taken by reseed, and ${donor.host.name} has no GTID: where its data stands can't be known`,
        'let reseed take one, or switch GTIDs on (gtid_mode)',
      ),
    ];
  }
  return [pass(`from the snapshot ${name}`)];
}

/** How far behind it is nobody can ask it. */
function stoppedChecks(donor: Side): Finding[] {
  const { pass, refuse, warn } = judging(donor);
  const { name } = donor.host;
  const { service } = donor.report;
  const state = service?.ok ? serverState(service.value) : undefined;
  if (state === undefined) return [refuse(`whether the server of ${name} runs is not known`, '')];
  if (state !== 'down') return [refuse(`the server of ${name} runs`, `reseed stop ${name}, or copy a snapshot of it`)];
  if (!hasGtid(donor)) {
    return [
      refuse(
        `${name} is down and without GTID: where its data stands can't be known`,
        'start it, and copy a snapshot of it; or switch GTIDs on (gtid_mode)',
      ),
    ];
  }
  const { changedSeconds, unseen } = donor.facts;
  if (unseen.includes('changed_seconds')) {
    return [judging(donor).unknown('its server is down, and since when its files are as they are: unknown')];
  }
  if (changedSeconds === undefined) return [refuse(`there is no data in ${donor.facts.datadir}`, 'name another donor')];
  if (changedSeconds < 0) {
    return [
      warn(
        'its server is down, and when its files were left is not known: their times lie ahead of its clock',
        'set its clock right; the target begins from there',
      ),
    ];
  }
  const since = `its server is down, and its files are as they were left ${shortDuration(changedSeconds * 1000)} ago`;
  const late = changedSeconds > worryingAgeSeconds;
  return [late ? warn(since, 'the target begins from there') : pass(since)];
}

function takingChecks(donor: Side): Finding[] {
  const { pass, refuse } = judging(donor);
  const means = snapshotMeans(donor);
  if (!means.ok) return [refuse(means.message, means.advice)];
  return [pass(`room for the snapshot: ${means.text}`), ...(means.words ? statementChecks(donor) : [])];
}

/** The lock waits for what runs, and every writer for the lock. */
function statementChecks(donor: Side): Finding[] {
  const { statement, unanswered } = donor.facts;
  const { server } = donor.report;
  const { pass, refuse, unknown } = judging(donor);
  const most = patienceSeconds(donor.host);
  // That none was seen says nothing where the login sees its own session alone.
  const seesAll = server?.ok === true && server.value.longestStatementSeconds !== undefined;
  const text = `the longest statement that runs: unknown; the lock waits for ${most} s at most`;
  if (unanswered.includes('statement')) return [unknown(`${text}; its server did not tell in time`)];
  if (!statement && !seesAll) return [unknown(text, seeAll)];
  const seconds = statement?.seconds ?? 0;
  if (!statement || seconds <= most) return [pass(`the longest statement runs for ${seconds} s, ${most} s at most`)];
  const { who, words } = statement;
  return [
    refuse(
      `a statement of ${who} runs for ${seconds} s, and ${most} s is the most that the lock waits for: ${words}`,
      'wait for it, end it, or set snapshot.maxQuerySeconds',
    ),
  ];
}

const seeAll = 'grant PROCESS to the login on a MariaDB, set performance_schema on a MySQL';
