// `reseed seed --databases` and `--tables`: named tables go into a server that runs and keeps its others.
import { author } from '../../../operations/jobs/job-store.ts';
import type { Refusal } from '../../../operations/result.ts';
import { type TablesWanted, tablesDraft } from '../../../operations/tables/draft.ts';
import { namesTrouble } from '../../../operations/tables/names.ts';
import { byMysqldump } from '../../../seed/methods/dump/dump.ts';
import type { SeedTerms } from '../../../seed/request.ts';
import { exitWith, printRefusal } from '../../answer.ts';
import { chooseHosts } from '../../hosts/targets.ts';
import { refusedYes } from '../agree.ts';
import { begin } from '../begin.ts';
import type { SeedOptions } from './seed-begin.ts';
import { askFurther, askKnown } from './seed-hosts.ts';

export const namesTables = ({ databases, tables }: Pick<SeedOptions, 'databases' | 'tables'>): boolean =>
  databases !== undefined || tables !== undefined;

export async function seedTables(
  donor: string,
  targets: readonly string[],
  options: SeedOptions,
  terms: SeedTerms,
): Promise<void> {
  const [target = '', ...others] = targets;
  if (refusedYes(options, targets.join(','))) return;
  const { databases = [], tables = [] } = options;
  if (options.tables?.length === 0)
    return usage('--tables names no table: nothing was done', 'write --tables shop.orders', options);
  if (options.databases?.length === 0)
    return usage('--databases names no database: nothing was done', 'write --databases shop', options);
  const wanted: TablesWanted = { donor, target, databases, tables, replace: options.replace ?? false, terms };
  const useless = uselessFlag(options);
  const names = namesTrouble(wanted);
  if (others.length > 0) {
    const message = `--databases and --tables are for one target, and ${targets.length} are named: nothing was done`;
    const joined = [...databases, ...tables, ...others].map((name) => name.replace(/,$/, '')).join(',');
    const advice = `put them into one after the other; if ${others.join(', ')} belongs to the names: ${options.tables ? '--tables' : '--databases'} ${joined}`;
    return usage(message, advice, options);
  }
  if (useless !== undefined)
    return usage(
      `--databases and --tables can not be used with ${useless.words}: nothing was done`,
      useless.advice,
      options,
    );
  if (names !== undefined) return usage(`${names}: nothing was done`, '', options);
  const chosen = await chooseHosts([donor, target], options);
  if (!chosen) return;
  const named = { donor, targets: [target] };
  const known = await askKnown(chosen, named, { method: byMysqldump }, options.json);
  if (!known) return;
  const drafted = await askFurther(named, known, (asking) => tablesDraft(wanted, author(), asking));
  if (!drafted) return;
  if (drafted.ok) await begin(drafted.value, options);
  else refuse(drafted.refusal, options);
}

/** What would be left out without a word. */
function uselessFlag(options: SeedOptions): { readonly words: string; readonly advice: string } | undefined {
  const flags: readonly (readonly [string, unknown])[] = [
    ['--snapshot', options.snapshot],
    ['--stopped', options.stopped],
    ['--keep-snapshot', options.keepSnapshot],
    ['--streams', options.streams],
    ['--follow', options.follow],
    ['--account', options.account],
    ['--ask-account', options.askAccount],
    ['--standalone', options.standalone],
    ['--as-set', options.asSet],
    ['--writable', options.writable],
    ['--events', options.events],
    ['--clear', options.clear],
    ['--inject-empty', options.injectEmpty],
  ];
  const flag = flags.find(([, value]) => value !== undefined && value !== false)?.[0];
  if (flag !== undefined) {
    return {
      words: flag,
      advice: 'leave out one of the two: named tables go into a server that runs, and stays what it is',
    };
  }
  const { method = byMysqldump.name } = options;
  if (method === byMysqldump.name) return undefined;
  return {
    words: `--method ${method}, since named tables are dumped by ${byMysqldump.name} alone`,
    advice: `leave out --method; ${method} seeds a whole server, without --databases and --tables`,
  };
}

const usage = (message: string, advice: string, options: SeedOptions) =>
  refuse({ kind: 'usage', message, advice }, options);

function refuse(refusal: Refusal, { json }: SeedOptions): void {
  exitWith(printRefusal(json, refusal));
}
