// The findings of check on a host, column by column, from the connection to it and its answers.
import { type HostCheck, serverIsDown } from '../../host/check.ts';
import type { Known } from '../../host/facts.ts';
import type { Outcome, RemoteFailure } from '../../remote/failure.ts';
import type { NameFound } from '../../remote/route/names.ts';
import type { Badge } from '../../text/badge.ts';

/** One column of the table. `no` is a fault; `unknown` could not be asked. */
export interface Finding {
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** For a `yes`: what was found. */
  readonly detail: string;
  /** What to do, if anything. */
  readonly advice: string;
}

/** `unknown` is no fault: an earlier column gives the reason. */
export const verdictBadges: Readonly<Record<Finding['verdict'], Badge>> = {
  yes: { sign: 'good', word: 'yes', tone: 'good' },
  no: { sign: 'bad', word: 'no', tone: 'bad' },
  unknown: { sign: 'none', word: 'not asked', tone: 'dim' },
};

/** In the order of dependence: each column needs the previous ones. */
export const columns = ['dns', 'ssh', 'sudo', 'tools', 'mysql', 'lvm'] as const;
export type Column = (typeof columns)[number];
export type Findings = Readonly<Record<Column, Finding>>;

const yes = (detail: string): Finding => ({ verdict: 'yes', detail, advice: '' });
const no = (detail: string, advice: string): Finding => ({ verdict: 'no', detail, advice });
const unknown = (detail = '', advice = ''): Finding => ({ verdict: 'unknown', detail, advice });

/** For columns that were not asked, because an earlier one failed. */
function notAsked(why: string): Findings {
  const finding = unknown(`not asked: ${why}`);
  return { dns: finding, ssh: finding, sudo: finding, tools: finding, mysql: finding, lvm: finding };
}

/** A host that is this machine has no name to look up. */
export const thisMachine: Finding = unknown('not asked: reseed runs on this host');

export function dnsFinding(found: Outcome<NameFound>): Finding {
  if (!found.ok) return unknown(found.trouble.message, found.trouble.advice);
  const { value } = found;
  if (value.kind === 'found') return yes(value.addresses.join(' '));
  if (value.kind === 'elsewhere') return unknown(`${value.by} looks ${value.name} up`);
  const lookedFor = `${value.name}: ${value.why}`;
  return value.kind === 'missing'
    ? no(lookedFor, 'is it in DNS or /etc/hosts, or written as ssh.host or in ~/.ssh/config as HostName?')
    : no(lookedFor, 'see: getent hosts, and the servers of /etc/resolv.conf');
}

/** The name does not resolve, so the host was not asked. */
export const notLookedUp = (dns: Finding): Findings => ({ ...notAsked('its address is not known'), dns });

/** Login and answers come from one call; the failure's kind tells which part failed. */
export function notAnswered(dns: Finding, { kind, message, advice }: RemoteFailure): Findings {
  const loggedIn = kind === 'sudo' || kind === 'exit' || kind === 'parse';
  if (!loggedIn) return { ...notAsked('ssh login failed'), dns, ssh: no(message, advice) };
  return { ...notAsked('the command did not run'), dns, ssh: yes(''), sudo: no(message, advice) };
}

export function answered(dns: Finding, check: HostCheck): Findings {
  const { account, missingTools, datadir, volume } = check;
  const asRoot = account === 'root';
  const sudo = asRoot
    ? yes('root')
    : no(`commands run as ${account}`, 'reseed needs root there: set sudo: true, and allow it: reseed sudoers');
  const tools =
    missingTools.length === 0 ? yes('') : no(`missing: ${missingTools.join(', ')}`, 'install what has them');
  return { dns, ssh: yes(''), sudo, tools, mysql: mysqlFinding(check), lvm: lvmFinding(volume, datadir) };
}

function mysqlFinding({ mysql, isOtherServer }: HostCheck): Finding {
  if (mysql.ok) return yes(mysql.value);
  if (serverIsDown(mysql)) return unknown('the server is down', 'its login is tested once it runs');
  if (isOtherServer) {
    return no(mysql.why, 'set mysql.defaultsFile to the client file of its own server, or mysql.socket');
  }
  return no(mysql.why, 'set mysql.defaultsFile to a file with an account that may log in');
}

function lvmFinding(volume: Known<string>, datadir: Known<string>): Finding {
  if (volume.ok) return yes(volume.value);
  if (!datadir.ok) return unknown(volume.why, 'where its unit has another name, set mysql.service');
  return no(`${datadir.value}: ${volume.why}`, 'snapshots need the datadir on a logical volume');
}
