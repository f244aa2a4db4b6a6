// Host patterns of Ansible: `db[01:03].example` is three hosts, `db1:2222` a host and its port.
import { quoted } from '../problem.ts';

const range = /\[([^[\]]*)\]/;

export type ExpandedHosts =
  | { readonly names: readonly string[]; readonly port: string | undefined }
  | { readonly what: string; readonly instead: string };

/** The names in a pattern, at most `most` of them. */
export function expandedHosts(pattern: string, most: number): ExpandedHosts {
  const { host, port } = portSplitOff(pattern);
  if (/[[\]]/.test(host.replaceAll(new RegExp(range, 'g'), ''))) {
    const what = `a bracket in ${quoted(pattern)} has no partner`;
    return { what, instead: 'write a range as in db[01:03], a group as in [shop]' };
  }
  let names = [host];
  for (let match = range.exec(host); match; match = range.exec(names[0] ?? '')) {
    const [brackets, inside = ''] = match;
    const values = valuesIn(inside, Math.floor(most / names.length));
    if (values === 'too many') {
      return { what: `${quoted(pattern)} stands for too many hosts`, instead: 'write a smaller range' };
    }
    if (values === 'no range') {
      const what = `${quoted(brackets)} in ${quoted(pattern)} is not a range`;
      return { what, instead: 'write a range as in db[01:03] or db[a:c]' };
    }
    names = names.flatMap((name) => values.map((value) => name.replace(range, () => value)));
  }
  return names.length > most ? { what: 'these are too many hosts', instead: 'write fewer' } : { names, port };
}

/** `db1:22`, `[2001:db8::7]:22`. More than one colon outside of brackets is an IPv6 address, not a port. */
function portSplitOff(pattern: string): { host: string; port: string | undefined } {
  const bracketed = /^\[((?:[^[\]]|\[[^[\]]*\])+)\]:(\d+)$/.exec(pattern);
  const [, host = pattern, port] = bracketed ?? /^((?:[^:[\]]|\[[^[\]]*\])+):(\d+)$/.exec(pattern) ?? [];
  return { host, port };
}

/** `01:03`, `1:9:2`, `a:c`, `:3` (from 0), both ends included; a leading zero keeps the width. */
function valuesIn(inside: string, most: number): string[] | 'no range' | 'too many' {
  const parts = /^(?:(\d{0,9}):(\d{1,9})|([a-zA-Z]):([a-zA-Z]))(?::([1-9]\d{0,8}))?$/.exec(inside);
  if (!parts) return 'no range';
  const [, low, high, first = '', last = '', stride = '1'] = parts;
  const from = low === undefined ? first.charCodeAt(0) : Number(low);
  const to = high === undefined ? last.charCodeAt(0) : Number(high);
  if (from > to) return 'no range';
  const count = Math.floor((to - from) / Number(stride)) + 1;
  if (count > most) return 'too many';
  const width = low?.startsWith('0') ? low.length : 0;
  const shown = (value: number) =>
    low === undefined ? String.fromCharCode(value) : String(value).padStart(width, '0');
  return Array.from({ length: count }, (_, index) => shown(from + index * Number(stride)));
}
