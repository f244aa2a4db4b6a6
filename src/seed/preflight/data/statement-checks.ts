// Running statements of a donor whose writes are to be blocked for a moment.
import { locksByStages, stagesText } from '../../../snapshot/lock-words.ts';
import { patienceSeconds } from '../../../snapshot/take-snapshot.ts';
import type { Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/** The lock waits for running statements, and all writes wait for the lock: but for BACKUP STAGE. */
export function statementChecks(donor: Side): Finding[] {
  const { statement, unanswered } = donor.facts;
  const { server } = donor.report;
  const { pass, refuse, unknown } = judging(donor);
  if (server?.ok && locksByStages(server.value)) return [pass(stagesText)];
  const most = patienceSeconds(donor.host);
  // A login that sees only its own session proves nothing by seeing no statement.
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
