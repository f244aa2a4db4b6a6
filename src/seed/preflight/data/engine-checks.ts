// Tables of the donor that are not InnoDB's: what the copy contains of them, and whether the target's server can read
// them. Pure.

import { isDonorDown, type SeedRequest, type Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { lostPlugins } from './lost-plugins.ts';

interface EngineTables {
  readonly engine: string;
  readonly count: number;
  /** ` (shop.a, shop.b, …)` */
  readonly some: string;
}

/** Engines that keep no rows of their own in the datadir. */
const withoutRows = new Set(['BLACKHOLE', 'MRG_MYISAM', 'SEQUENCE', 'OQGRAPH']);
const rowsElsewhere = new Set(['FEDERATED', 'CONNECT', 'SPIDER', 'S3']);
/** Every server of the vendors has these engines, unless they are disabled. */
const always = new Set(['MYISAM', 'MEMORY', 'CSV', 'ARIA', 'MRG_MYISAM']);

const tablesOf = ({ facts }: Side): EngineTables[] =>
  facts.foreignEngines.map((line) => {
    const [engine = '', count = '', ...tables] = line.split(' ');
    const some = tables.length > 0 ? ` (${tables.join(' ')}${Number(count) > 3 ? ', …' : ''})` : '';
    return { engine, count: Number(count), some };
  });

const tables = ({ engine, count, some }: EngineTables) => `${count} ${engine} table${count === 1 ? '' : 's'}${some}`;
const isMemory = ({ engine }: EngineTables) => engine.toUpperCase() === 'MEMORY';

export function engineChecks(request: Pick<SeedRequest, 'donor' | 'method'>): Finding[] {
  const { donor, method } = request;
  const isDown = isDonorDown(request);
  const { unknown } = judging(donor);
  if (isDown || donor.facts.unanswered.includes('foreign_engine')) {
    const question = "tables that are not InnoDB's (a copy has no rows of MEMORY tables): unknown";
    return [unknown(`${question}, ${whyUnknown(donor, isDown)}`), ...knownChecks(donor, method)];
  }
  return knownChecks(donor, method);
}

function whyUnknown({ facts }: Side, isDown: boolean): string {
  if (isDown) return 'its server is down';
  const shut = facts.unseen.includes('SELECT');
  return shut ? 'the account that reseed logs in with has no SELECT on *.*' : 'its server did not tell in time';
}

function knownChecks(donor: Side, { onlyInnodb }: SeedRequest['method']): Finding[] {
  const { warn } = judging(donor);
  return tablesOf(donor).flatMap((one) => {
    const engine = one.engine.toUpperCase();
    if (withoutRows.has(engine)) return [];
    if (isMemory(one)) {
      return [
        warn(`${tables(one)}: a copy has none of their rows, and replication breaks at the first that it misses`),
      ];
    }
    if (rowsElsewhere.has(engine)) return [warn(`${tables(one)}: rows that lie elsewhere are not copied`)];
    if (onlyInnodb) return [warn(`${tables(one)}: CLONE copies InnoDB only, they come without rows`)];
    return [warn(`${tables(one)}: the lock makes them consistent, no crash recovery does`)];
  });
}

/** For above the prompt: rows that the targets will lack. */
export function memorySentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  return tablesOf(donor)
    .filter(isMemory)
    .flatMap((one) =>
      targets.map(
        ({ host }) =>
          `${host.name} will have ${tables(one)} of ${donor.host.name} without rows: load them again on the primary after the seed`,
      ),
    );
}

/** Without the engine the server starts, but each such table is an error: replication stops at its first row. */
export function targetEngineChecks(donor: Side, target: Side): Finding[] {
  const { refuse, unknown } = judging(target);
  const { engines } = target.facts;
  const lost = new Set(lostPlugins(donor, target).map(({ name }) => name.toUpperCase()));
  const has = new Set(engines.map((engine) => engine.toUpperCase()).filter((engine) => !lost.has(engine)));
  const hasNow = ({ engine }: EngineTables) => lost.has(engine.toUpperCase());
  const lacking = tablesOf(donor).filter(({ engine }) => !has.has(engine.toUpperCase()));
  if (engines.length > 0) {
    return lacking.map((one) =>
      refuse(
        `its server ${hasNow(one) ? `has the storage engine ${one.engine} by its own tables alone, which the seed replaces` : `has no storage engine ${one.engine}`}, and ${donor.host.name} has ${tables(one)}`,
        `install it there, with the options that load it on ${donor.host.name} (plugin_load_add)`,
      ),
    );
  }
  const asked = lacking.filter(({ engine }) => !always.has(engine.toUpperCase()));
  return asked.map((one) =>
    unknown(`whether its server has the storage engine ${one.engine}: unknown, ${donor.host.name} has ${tables(one)}`),
  );
}
