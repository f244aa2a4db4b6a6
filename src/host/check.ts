// What a host says about reseed's needs there: the lines of scripts/check.sh -> facts. Pure; the text may be anything.
import { cleanLine } from '../text/clean.ts';
import type { Known } from './facts.ts';

export interface HostCheck {
  /** The account that the script ran as: root, where sudo worked. */
  readonly account: string;
  /** Names of the programs that reseed needs and the host lacks. */
  readonly missingTools: readonly string[];
  /** The server's version, as it gives it. */
  readonly mysql: Known<string>;
  /** Another server than that of the host's unit answers. */
  readonly isOtherServer: boolean;
  readonly datadir: Known<string>;
  /** `vg/lv` of the volume that the datadir's file system is on. */
  readonly volume: Known<string>;
}

/** `undefined` where this is not the output of check.sh. */
export function parseCheck(text: string): HostCheck | undefined {
  const facts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab > 0) facts.set(line.slice(0, tab), cleanLine(line.slice(tab + 1)).trim());
  }
  const account = facts.get('account');
  if (!account || !facts.has('datadir')) return undefined;
  const datadir = known(facts.get('datadir'), facts.get('datadir.error') ?? 'the server did not say');
  const tools = [...facts].filter(([name]) => name.startsWith('tool.'));
  return {
    account,
    missingTools: tools.filter(([, path]) => path === '').map(([name]) => cleanLine(name.slice('tool.'.length))),
    mysql: known(facts.get('mysql.version'), facts.get('mysql.error') ?? 'mysql said nothing'),
    isOtherServer: facts.get('mysql.other') === 'yes',
    datadir,
    volume: known(
      facts.get('lv'),
      datadir.ok
        ? (facts.get('lv.error') ?? facts.get('mount.error') ?? `${facts.get('mount.source')} is not a logical volume`)
        : `where its data lies is unknown: ${datadir.why}`,
    ),
  };
}

const known = (value: string | undefined, why: string): Known<string> =>
  value ? { ok: true, value } : { ok: false, why };

/** Whether mysql failed because no server runs (client errors 2002, 2003), rather than because our login was refused. */
export function serverIsDown(mysql: Known<string>): boolean {
  return !mysql.ok && /\b(?:ERROR )?\(?(?:2002|2003)\b/.test(mysql.why);
}
