// How sessions and open transactions are told, by the verb and on the screen. Pure.
import type { ProcessList } from '../../host/server/processes.ts';
import { shortDuration } from '../../text/amounts.ts';

/** Of a statement so many letters come (processes.sh). */
export const maxLetters = 1024;

export const secondsText = (seconds: number | undefined): string =>
  seconds === undefined ? '?' : shortDuration(seconds * 1000);

/** `2 open transactions, the oldest 19 s` */
export function transactionsText(transactions: ProcessList['transactions']): string {
  if (!transactions.ok) return `transactions ? (${transactions.why})`;
  const [oldest] = transactions.value;
  if (!oldest) return 'no open transaction';
  const { length } = transactions.value;
  return `${length} open ${length === 1 ? 'transaction' : 'transactions'}, the oldest ${secondsText(oldest.seconds)}`;
}
