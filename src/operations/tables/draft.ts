// Named tables, or all tables of named databases, of a donor made into a job that puts them into a running server. Nothing has happened on any host yet.
import { present } from '../../host/known.ts';
import { readAnswers } from '../../host/server/batch.ts';
import { readOnlyRefusal, refusal } from '../../job/plan/refusal.ts';
import { seedSqlWords } from '../../scripts/seed-sql-words.ts';
import { byMysqldump } from '../../seed/methods/dump/dump.ts';
import { hostAt, serverNamedBy } from '../../seed/replica/source/followed.ts';
import type { Speaker } from '../../seed/replica/words.ts';
import type { SeedTerms, Side } from '../../seed/request.ts';
import { type TablesRequest, tablesChecks } from '../../tables/checks.ts';
import {
  bytesOf,
  readSettings,
  readTablesLook,
  settingsWords,
  sizeText,
  type TablesLook,
  tablesWordsOf,
} from '../../tables/facts.ts';
import { isOwnDatabase, isOwnDatabaseOf } from '../../tables/own-databases.ts';
import { namesText, planTables } from '../../tables/plan.ts';
import { isReplicaOf } from '../../tables/replica-of.ts';
import { getsRows } from '../../tables/row-checks.ts';
import { about } from '../../text/about.ts';
import { type Author, type Draft, roleFinding } from '../plans/draft.ts';
import { hooked } from '../plans/hooked.ts';
import { given, type Result, refused } from '../result.ts';
import { ran } from '../seed/ask-host.ts';
import { requestOf } from '../seed/draft.ts';
import { askBoth, type SeedAsking } from '../seed/seed.ts';

export interface TablesWanted {
  readonly donor: string;
  readonly target: string;
  /** All tables of these. */
  readonly databases: readonly string[];
  /** `shop.orders` */
  readonly tables: readonly string[];
  readonly replace: boolean;
  readonly terms: SeedTerms;
}

export async function tablesDraft(wanted: TablesWanted, by: Author, asking: SeedAsking): Promise<Result<Draft>> {
  const databases = [...new Set([...wanted.databases, ...wanted.tables.map((name) => name.split('.')[0] ?? '')])];
  if (databases.length === 0) {
    return refused({ kind: 'usage', message: 'no table is named', advice: 'write --tables shop.orders' });
  }
  const taboo = databases.find(isOwnDatabase);
  if (taboo !== undefined) return ofServer(taboo);
  const both = await askBoth({ donor: wanted.donor, targets: [wanted.target] }, wanted.terms, asking);
  if (!both.ok) return both;
  const { donor, targets } = both.value;
  const [target] = targets;
  if (!target) throw new Error('a job without a target');
  asking.onWaiting?.('sources', []);
  // The donor is asked after the target: it has what the target had then, unless it is behind.
  const taken = await lookAt(target, databases, asking);
  if (!taken.ok) return taken;
  const look = await lookAt(donor, databases, asking);
  if (!look.ok) return look;
  const own = databases.find((name) => [look.value, taken.value].some((one) => isOwnDatabaseOf(one, name)));
  if (own !== undefined) return ofServer(own);
  const asked = { donor, target, given: look.value, taken: taken.value };
  const format = await formatOfSource(asked, asking);
  return given(draftFrom(wanted, { ...asked, ...present('sourceFormat', format) }, by, asking));
}

const ofServer = (name: string) =>
  refused({
    kind: 'usage',
    message: `${name} is of the server itself: its tables are not taken by themselves`,
    advice: 'accounts come with a seed of the whole server',
  });

/** binlog_format of what the target replicates from; undefined: none, or not known. */
async function formatOfSource({ donor, given: look, taken }: Asked, asking: SeedAsking): Promise<string | undefined> {
  const { channel } = taken.state;
  if (!channel) return undefined;
  const source = hostAt(serverNamedBy(channel), asking.known);
  if (!source) return undefined;
  if (source.name === donor.host.name) return look.settings.get('binlog_format');
  const answer = await ran(source, 'seed-sql', seedSqlWords(source.mysql, settingsWords), asking);
  return answer?.ok ? readSettings(readAnswers(answer.stdout)).get('binlog_format') : undefined;
}

async function lookAt(
  { host, report: { server } }: Side,
  databases: readonly string[],
  asking: SeedAsking,
): Promise<Result<TablesLook>> {
  const advice = `reseed status ${host.name} tells why; its server has to run`;
  if (!server?.ok) return refused({ kind: 'refused', message: `the server of ${host.name} does not answer`, advice });
  const answer = await ran(host, 'seed-sql', seedSqlWords(host.mysql, tablesWordsOf(server.value, databases)), asking);
  const look = answer?.ok ? readTablesLook(answer.stdout) : undefined;
  if (look) return given(look);
  const why =
    answer && !answer.ok ? answer.printed.trim().split('\n').at(-1) || answer.message : 'not in the form that is known';
  return refused({ kind: 'failed', message: `${host.name} did not tell of its tables: ${why}`, advice });
}

interface Asked {
  readonly donor: Side;
  readonly target: Side;
  readonly given: TablesLook;
  readonly taken: TablesLook;
  readonly sourceFormat?: string;
}

/** Pure. */
export function draftFrom(
  wanted: TablesWanted,
  { donor, target, given: look, taken, sourceFormat }: Asked,
  by: Author,
  { known, past }: Pick<SeedAsking, 'known' | 'past'>,
): Draft {
  const all = look.tables.filter(({ database, type }) => wanted.databases.includes(database) && !type.includes('VIEW'));
  const names = [...new Set([...all.map(({ name }) => name), ...wanted.tables])];
  const request = requestOf({ donor, targets: [target], method: byMysqldump, terms: wanted.terms, known, past }, by);
  const tables: TablesRequest = {
    request,
    target,
    names,
    replace: wanted.replace,
    given: look,
    taken,
    ...present('sourceFormat', sourceFormat),
  };
  const { name } = target.host;
  const draft = {
    key: by.key,
    who: by.who,
    targets: known.filter(({ host }) => host.name === name || host.name === donor.host.name).map((one) => one.target),
    impact: isReplicaOf(taken.state)
      ? [`${name} applies nothing until its tables are in place: it is behind meanwhile`]
      : [],
    name,
  };
  const readOnly = readOnlyRefusal(donor.host) ?? readOnlyRefusal(target.host);
  if (readOnly) return { ...draft, planned: readOnly };
  const empty = wanted.databases.find((database) => !all.some((table) => table.database === database));
  if (empty !== undefined)
    return {
      ...draft,
      planned: refusal(`${donor.host.name} has no tables in a database ${empty}`, 'see the spelling'),
    };
  const checks = [roleFinding(donor, known), roleFinding(target, known), ...tablesChecks(tables)];
  const [first] = checks.filter(({ level }) => level === 'refuse');
  if (first) return { ...draft, checks, planned: refusal(about(first.host, first.text), first.advice) };
  const planned = plannedOf(tables);
  const dataBytes = bytesOf(look, names);
  return hooked(
    { ...draft, checks, planned, kept: keptOf(tables) },
    {
      sides: [
        { ...donor, role: 'donor' },
        { ...target, role: 'target' },
      ],
      reach: (host) => known.find((one) => one.host.name === host),
      method: byMysqldump.name,
      ...(dataBytes !== undefined && { dataBytes }),
    },
  );
}

function plannedOf(tables: TablesRequest): Draft['planned'] {
  const { request, target, taken, given: look, names, replace } = tables;
  const { service } = target.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined) {
    return refusal(
      `${target.host.name} has no unit of a MySQL or MariaDB`,
      'where it has another name, set mysql.service',
    );
  }
  const there = taken.tables.filter(({ name }) => names.includes(name));
  const lost =
    there.length === 0
      ? []
      : [
          `the old ${namesText(there.map(({ name }) => name))} of ${target.host.name} (${sizeText(taken, names)}) ${there.length === 1 ? 'is' : 'are'} deleted once the new ${there.length === 1 ? 'one is' : 'ones are'} in use`,
        ];
  const { channel } = taken.state;
  const plan = planTables(
    {
      request,
      target,
      names,
      replace,
      unit,
      donorSpeaker: speakerOf(look),
      speaker: speakerOf(taken),
      ...(channel && { replica: { ran: channel.sqlThread === 'running', rows: getsRows(tables) } }),
    },
    lost,
  );
  return { ok: true, plan };
}

const speakerOf = ({ state: { server } }: TablesLook): Speaker => ({ vendor: server.vendor, version: server.version });

const keptOf = ({ target, taken }: TablesRequest): string[] => [
  `everything else on ${target.host.name} stays: its other databases, accounts, triggers, views, routines, events`,
  isReplicaOf(taken.state)
    ? 'until its replication is started again, an abort puts the old tables back; from then on the new ones stay'
    : 'until the new tables are in use, an abort puts the old ones back',
];
