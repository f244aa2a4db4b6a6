// When a clone that ended badly is begun anew: where a power cut or a break of the network ended it, and not where it can't be taken. Pure.
import { linesOf } from '../../../job/unit/watch-unit.ts';
import type { UnitReport } from '../../../remote/unit.ts';
import { cleanLine } from '../../../text/clean.ts';
import { noServer } from '../../no-server.ts';

export const maxTries = 3;
/** A host that lost its power is up again after it, or after a few more. */
export const betweenTriesMs = 20_000;

/** The last words of a unit that has ended, or what became of it. */
export const wordsOf = (report: UnitReport): string =>
  linesOf(report).slice(-2).map(cleanLine).join('; ') || report.state.kind;

/**
 * Client errors of a lost or refused connection; 3862: the donor did not say more than that the clone ended there. `wasCopying`: bytes came in
 * this try, or in one before: a first connection that fails is refused by a firewall or an address, and is no break.
 */
export function isBreak(report: UnitReport, wasCopying: boolean): boolean {
  const { state } = report;
  // Its host was restarted, or ended the unit.
  if (state.kind === 'absent' || state.kind === 'died') return true;
  const words = wordsOf(report);
  if (!wasCopying || /too many concurrent/i.test(words)) return false;
  return noServer.test(words) || /\b3862\b|Lost connection|gone away|Connect failed/i.test(words);
}
