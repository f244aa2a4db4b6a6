// The options of the server that reads the copy: what its data needs, and nothing of the host's option files. Pure.
import type { Planned } from '../job/plan/refusal.ts';
import { lastingOptions } from '../seed/methods/lasting-options.ts';
import { insideOf } from '../seed/methods/lvm-snapshot/inside.ts';
import type { Side } from '../seed/request.ts';

/** The top of the copy's file system, where that server sees it. */
const topFolder = '/mnt';

/** Places of data that a server has options for. */
const optionOf: Readonly<Record<string, string>> = {
  redo: 'innodb-log-group-home-dir',
  undo: 'innodb-undo-directory',
  doublewrite: 'innodb-doublewrite-dir',
  aria: 'aria-log-dir-path',
};

interface ServerOptions {
  readonly ok: true;
  /** From the top of the file system on; empty: the top. */
  readonly datadir: string;
  readonly options: readonly string[];
}

export function serverOptions(side: Side): ServerOptions | Extract<Planned, { ok: false }> {
  const { facts } = side;
  const inside = insideOf(side, topFolder);
  const datadir = inside(facts.datadir);
  if (typeof datadir !== 'string') return datadir;
  const options = lastingOptions(facts);
  for (const { kind, path } of facts.places) {
    const name = optionOf[kind];
    if (name === undefined || path === facts.datadir) continue;
    const there = inside(path);
    if (typeof there !== 'string') return there;
    options.push(`--${name}=${there}`);
  }
  return { ok: true, datadir: datadir.slice(topFolder.length + 1), options };
}
