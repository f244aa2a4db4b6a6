// What an operator may choose where a target has transactions that its source does not have. Pure.
import type { Vendor } from '../../../host/facts.ts';
import { countText } from './history.ts';
import { isTooMany } from './injection.ts';

export interface Errant {
  readonly vendor: Vendor;
  /** Names of hosts. */
  readonly target: string;
  readonly source: string;
  readonly donor: string;
  readonly gtids: string;
  /** The path of the target's binary logs, without their numbers; absent: it is not known. */
  readonly logs?: string;
}

export const errantText = ({ vendor, target, source, gtids }: Errant): string =>
  `${target} has ${countText(vendor, gtids)} that ${source} does not have: ${vendor === 'mariadb' ? 'up to ' : ''}${gtids}`;

/** How they are looked at. */
export const showAdvice = (errant: Errant): string => `look at them, on ${errant.target}: ${showCommand(errant)}`;

export function errantAdvice(errant: Errant): string {
  const { vendor, target, source, donor, gtids } = errant;
  const seed = `lose them with the old data: reseed seed ${donor} ${target}`;
  const look = showAdvice(errant);
  if (vendor === 'mariadb' || isTooMany(gtids)) return `${look}; then ${seed}`;
  return `${look}; then either have ${source} hold them as empty ones, where ${target} keeps what they did: reseed seed ${source} ${target} --method binlog --inject-empty; or ${seed}`;
}

function showCommand({ vendor, gtids, logs }: Errant): string {
  const files = logs === undefined ? 'its binary logs' : `'${logs}'.[0-9]*`;
  const options = '-vv --base64-output=DECODE-ROWS';
  if (vendor !== 'mariadb') return `mysqlbinlog ${options} --include-gtids='${gtids}' ${files}`;
  const [first = ''] = gtids.split(',');
  return `mariadb-binlog ${options} ${files} | less -p 'GTID ${first} '`;
}
