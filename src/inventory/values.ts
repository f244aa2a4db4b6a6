// The single values of an inventory: text -> a value, or what to write instead. Nothing here knows of YAML or zod.
import { bytesIn, msIn } from '../text/amounts.ts';
import { isTimezone } from '../text/cron.ts';
import { nearest } from './nearest.ts';
import type { HookPlace, Hours, PortRange, RuleCause, SnapshotSize } from './settings.ts';

export type Reading<T> = (text: string) => { readonly value: T } | { readonly instead: string };

/**
 * Characters that OpenSSH refuses in a host name since CVE-2023-51385 (ssh.c, valid_hostname), blanks, and signs that
 * would make it a user or a list. Such a name is harmless in an argument, but ssh_config passes it to shells (%h).
 */
const noHost = /^-|['"`$\\;&<>|(){}@,\s]/;
const noUser = /^-|['"`;&<>|(){}\s]|\\$/;

export function isSshHost(text: string): boolean {
  return text !== '' && !noHost.test(text);
}

export const sshHost: Reading<string> = (text) => {
  const [, address, port] = /^([^:[\]]+):(\d+)$/.exec(text) ?? [];
  if (address !== undefined) return { instead: `write the port by itself: ssh: { host: ${address}, port: ${port} }` };
  const numbers = /^\d+(?:\.\d+){3}$/.test(text) ? text.split('.') : [];
  if (numbers.some((one) => Number(one) > 255 || /^0\d/.test(one)))
    return { instead: 'write an address of four numbers from 0 to 255, without zeros in front' };
  return isSshHost(text)
    ? { value: text }
    : { instead: 'write a name or an address: no dash in front, no blanks, quotes or shell signs' };
};

export const sshUser: Reading<string> = (text) =>
  text !== '' && !noUser.test(text)
    ? { value: text }
    : { instead: 'write a user name: no dash in front, no blanks, quotes or shell signs' };

/** `[user@]host[:port]`, several with commas between, as `ssh -J` takes it. */
export function isJumpDestination(text: string): boolean {
  return text.split(',').every((hop) => {
    const parts = /^(?:(.+)@)?(\[[\p{L}\p{N}:.%]+\]|[^@:[\]]+)(?::(\d+))?$/u.exec(hop);
    if (!parts) return false;
    const [, user, host = '', port] = parts;
    return (
      isSshHost(host) && (user === undefined || !noUser.test(user)) && (port === undefined || isPort(Number(port)))
    );
  });
}

export const someText: Reading<string> = (text) =>
  text.trim() === '' ? { instead: 'write some text, or leave the key out' } : { value: text };

/** Labels may be empty. */
export const anyText: Reading<string> = (text) => ({ value: text });

export const yesOrNo: Reading<boolean> = (text) =>
  text === 'true' || text === 'false' ? { value: text === 'true' } : { instead: 'write true or false' };

/** One of a fixed list of words. */
export function oneOf<const T extends string>(words: readonly T[]): Reading<T> {
  return (text) => {
    const value = words.find((word) => word === text);
    if (value !== undefined) return { value };
    const near = nearest(text, words);
    return { instead: near === undefined ? `write one of ${words.join(', ')}` : `did you mean ${near}?` };
  };
}

export function wholeNumber(least: number, most: number): Reading<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return { value };
    return { instead: `write a whole number from ${least} to ${most}` };
  };
}

export const portNumber: Reading<number> = wholeNumber(1, 65_535);

export const portRange: Reading<PortRange> = (text) => {
  const [first = Number.NaN, last = Number.NaN] = (/^(\d+)-(\d+)$/.exec(text) ?? []).slice(1).map(Number);
  if (isPort(first) && isPort(last) && first <= last) return { value: { first, last } };
  return { instead: 'write the lowest and the highest port, each from 1 to 65535, as in 21000-21099' };
};

export const snapshotSize: Reading<SnapshotSize> = (text) => {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  const percent = Number(share);
  if (share !== undefined && percent > 0 && percent <= 100) return { value: { percent } };
  const bytes = bytesIn(text);
  if (bytes !== undefined) return { value: { bytes } };
  return { instead: 'write a share of the origin as in 10%, at most 100%, or a size as in 5G' };
};

export const freeSpace: Reading<SnapshotSize> = (text) => {
  const share = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  const percent = Number(share);
  if (share !== undefined && percent > 0 && percent < 100) return { value: { percent } };
  const bytes = bytesIn(text);
  if (bytes !== undefined && bytes > 0) return { value: { bytes } };
  return { instead: 'write a share of the volume group or thin pool as in 20%, below 100%, or a size as in 50G' };
};

/** A mailbox as it stands in a header and among the words of sendmail: no blank, no comma, no dash in front. */
export const mailAddress: Reading<string> = (text) =>
  /^[\w.+%=][\w.+%=-]*@[\w][\w.-]*$/.test(text)
    ? { value: text }
    : { instead: 'write an address as in dba@example.com' };

/** environ(7) */
export const variableName: Reading<string> = (text) =>
  /^[A-Za-z_]\w*$/.test(text)
    ? { value: text }
    : { instead: 'write the name of a variable of the environment, as in RESEED_SLACK_URL' };

/** Where a hook runs. */
export const hookPlace: Reading<HookPlace> = (text) => {
  if (text === 'jump' || text === 'donor' || text === 'target') return { value: text };
  const [, host] = /^host (.+)$/.exec(text) ?? [];
  return host === undefined
    ? { instead: 'write jump, donor, target, or host and a name of this file, as in host db1' }
    : { value: { host } };
};

function timeInstead(text: string, range: string): string {
  const isClock = /^[\d:]+:[\d:]+$/.test(text.trim());
  return `write a time with its unit (s, min, h or d)${range}${isClock ? ': 12:00 may be hours or minutes' : ''}`;
}

const longestMs = 7 * 86_400_000;

/** Milliseconds. */
export const lengthOfTime: Reading<number> = (text) => {
  const value = msIn(text);
  return value === undefined || value < 1000 || value > longestMs
    ? { instead: timeInstead(text, ', from 1 s to 7 d, as in 5 min') }
    : { value };
};

/** Servers number their errors from 1000 on; the error log of MySQL has MY-010000 to MY-014999, and MY-015000 for programs of its own. */
const lastErrorNumber = 15_999;

export const ruleCause: Reading<RuleCause> = (text) => {
  const number = /^[1-9]\d{3,4}$/.test(text) && Number(text) <= lastErrorNumber ? Number(text) : undefined;
  if (text === 'crash-looping') return { value: text };
  return number === undefined
    ? { instead: 'write the number of an error of replication, as 1062, or crash-looping' }
    : { value: number };
};

/** `22:00-06:00` */
export const hoursOfDay: Reading<Hours> = (text) => {
  const [, ...figures] = /^(\d\d?):(\d\d) ?- ?(\d\d?):(\d\d)$/.exec(text) ?? [];
  const [fromHour = 99, fromMinute = 0, toHour = 99, toMinute = 0] = figures.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  const isTime = fromMinute < 60 && toMinute < 60 && from < dayMinutes && to <= dayMinutes;
  return isTime && from !== to
    ? { value: { from, to } }
    : { instead: 'write two times of day as in 22:00-06:00; the whole day is 00:00-24:00' };
};

const dayMinutes = 24 * 60;

/** Milliseconds. */
export const lengthOfRest: Reading<number> = (text) => {
  const value = msIn(text);
  return value === undefined || value < 3_600_000 || value > 90 * 86_400_000
    ? { instead: timeInstead(text, ', from 1 h to 90 d, as in 24 h') }
    : { value };
};

/** Milliseconds, as schedules are looked at each minute. */
export const lengthOfWatch: Reading<number> = (text) => {
  const value = msIn(text);
  return value === undefined || value < 60_000 || value > 86_400_000
    ? { instead: timeInstead(text, ', from 1 min to 24 h, as in 5 min') }
    : { value };
};

/** A file that node_exporter reads. */
export const promFile =
  (path: Reading<string>): Reading<string> =>
  (text) =>
    text.endsWith('.prom')
      ? path(text)
      : { instead: 'write a name that ends with .prom: node_exporter reads no other' };

const longestAgeMs = 10_000 * 86_400_000;

/** Milliseconds. */
export const lengthOfAge: Reading<number> = (text) => {
  const value = msIn(text);
  return value === undefined || value > longestAgeMs
    ? { instead: timeInstead(text, ', as in 7 d or 12 h') }
    : { value };
};

export const timezone: Reading<string> = (text) =>
  isTimezone(text) ? { value: text } : { instead: 'write a time zone as in Europe/Berlin, or UTC' };

/** Bytes per second. */
export const bandwidth: Reading<number> = (text) => {
  const value = bytesIn(text);
  return value === undefined ? { instead: 'write the bytes in a second as in 50M' } : { value };
};

/** A file or folder on a host, which this machine must not resolve: `..` after a link there leads elsewhere. */
export const remotePath: Reading<string> = (text) =>
  text.startsWith('/') ? { value: withoutNeedless(text) } : { instead: 'write the whole path on the host, from /' };

/** `/mnt//a/./b/` is `/mnt/a/b`: hosts name it so. */
const withoutNeedless = (path: string): string =>
  `/${path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')}`;

/** Names that systemctl accepts: systemd.unit(5) allows letters, digits and `:-_.\@`. */
export const serviceName: Reading<string> = (text) =>
  /^[\w:.\\@][\w:.\\@-]*$/.test(text)
    ? { value: text }
    : { instead: "write the unit's name as in mysql or mysqld@3306" };

/** lvm(8), "VALID NAMES". A leading `/dev/` is removed. */
export const logicalVolume: Reading<string> = (text) => {
  const value = /^(?:\/dev\/)?([\w+.][\w+.-]*\/[\w+.][\w+.-]*)$/.exec(text)?.[1];
  return value === undefined ? { instead: 'write the volume group and the logical volume as in vg0/mysql' } : { value };
};

/** Percent: `all` is 100. */
export const partOfAll: Reading<number> = (text) => {
  const percent = text === 'all' ? 100 : Number(/^(\d{1,3}) ?%$/.exec(text)?.[1] ?? 0);
  return percent >= 1 && percent <= 100 ? { value: percent } : { instead: 'write all, or a part as in 20%' };
};

/** Of a table, for a statement: names without quotes, blanks or points. */
export const columnOfTable: Reading<string> = (text) =>
  /^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+){2}$/.test(text)
    ? { value: text }
    : { instead: 'write DATABASE.TABLE.COLUMN as in shop.orders.created_at' };

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
