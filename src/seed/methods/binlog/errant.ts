// What an operator may choose where a target has transactions that its source does not have. Pure.
import type { Vendor } from '../../../host/facts.ts';
import { countText, singleGtids } from './history.ts';

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

/** Statements that are told one by one; a longer list is no choice for a command line. */
const mostToInject = 5;

export function errantAdvice(errant: Errant): string {
  const { vendor, target, source, donor } = errant;
  const seed = `lose them with the old data: reseed seed ${donor} ${target}`;
  const look = `look at them, on ${target}: ${showCommand(errant)}`;
  if (vendor === 'mariadb') return `${look}; then ${seed}`;
  return `${look}; then either have ${source} hold them as empty ones, where ${target} keeps what they did: ${injectWords(errant)}; or ${seed}`;
}

function showCommand({ vendor, gtids, logs }: Errant): string {
  const files = logs === undefined ? 'its binary logs' : `'${logs}'.[0-9]*`;
  const options = '-vv --base64-output=DECODE-ROWS';
  if (vendor !== 'mariadb') return `mysqlbinlog ${options} --include-gtids='${gtids}' ${files}`;
  const [first = ''] = gtids.split(',');
  return `mariadb-binlog ${options} ${files} | less -p 'GTID ${first} '`;
}

/** On the source, where they go into its log and so to all its replicas. */
function injectWords({ source, gtids }: Errant): string {
  const [all, told] = [singleGtids(gtids, mostToInject + 1), singleGtids(gtids, mostToInject)];
  const words = told.map((gtid) => `SET gtid_next = '${gtid}'; BEGIN; COMMIT;`).join(' ');
  const more = all.length > told.length ? ' and so on for each,' : '';
  return `on ${source}, ${words}${more} SET gtid_next = 'AUTOMATIC'`;
}
