// The steps on one target: its folder for the new data, its server held down, old data and new data changing places.
import type { PlannedStep } from '../../job/plan.ts';
import { whoLine } from '../../job/who.ts';
import { serviceStep } from '../../service/plan.ts';
import { serverState } from '../../service/server-state.ts';
import { command, newData, targetLog, targetWord } from '../place.ts';
import { versionOf } from '../preflight/identity/versions.ts';
import { channelNames, donorChannelWords, namedChannels } from '../preflight/replication/donor-channels.ts';
import { replicaWord, startOptions } from '../replica/change-words.ts';
import { filterStatements } from '../replica/kept/kept-filters.ts';
import type { SeedWish, Side } from '../request.ts';
import { asideWords, foreignLogs, keptFiles, ownWords } from './state-places.ts';

/** Old data may be terabytes in many files. */
const deleteDeadlineMs = 60 * 60_000;
const stopDeadlineMs = 20 * 60_000;

interface TargetPlan {
  readonly wish: SeedWish;
  readonly target: Side;
  /** As systemctl takes it. */
  readonly unit: string;
  /** Of the target among all. */
  readonly index: number;
}

export function targetSteps({ wish, target, unit, index }: TargetPlan) {
  const { name } = target.host;
  const { datadir, owner = 'mysql:mysql' } = target.facts;
  const stage = (verb: string, limitMs: number | undefined, ...words: string[]) =>
    command(name, 'seed-stage', [verb, datadir, wish.job, ...words], limitMs);
  const step = (
    what: string,
    title: string,
    rest: Pick<PlannedStep, 'commands' | 'acquires'> & Partial<Pick<PlannedStep, 'input'>>,
  ): PlannedStep => ({
    name: `${what} ${name}`,
    title,
    host: name,
    lane: name,
    work: 'seed-command',
    input: {},
    ...rest,
  });
  const { defaultsFile = '', socket = '' } = target.host.mysql;
  const before = (verb: string, limitMs: number | undefined, ...words: string[]) =>
    command(name, 'seed-before', [verb, unit, wish.job, datadir, defaultsFile, socket, ...words], limitMs);
  const speaker = versionOf(target) ?? { vendor: 'mysql', version: '' };
  const runs = target.report.service?.ok === true && serverState(target.report.service.value) !== 'down';

  return {
    /** Released last: the server that ran before runs again, once its data is back. */
    remember: runs
      ? [
          step('remember', `remember that ${unit} runs on ${name}`, {
            input: { looks: true },
            commands: {
              run: command(name, 'seed-stage', ['look', datadir, wish.job]),
              restart: before('restart', stopDeadlineMs, startOptions(speaker)[0] ?? '', targetLog(target)),
            },
            acquires: {
              what: `the restart of ${unit} on ${name}`,
              release: 'restart',
              whenDone: 'over',
            },
          }),
        ]
      : [],
    prepare: step('prepare', `create ${newData(datadir, wish.job)} on ${name} for the new data`, {
      commands: {
        run: stage(
          'prepare',
          undefined,
          `job ${wish.job} of ${whoLine(wish.who)}`,
          owner,
          `at=${targetWord(index)}`,
          ...placeWords(wish, target),
        ),
        back: stage('back', deleteDeadlineMs, unit),
      },
      acquires: {
        what: `the folder ${datadir}/.reseed-${wish.job} on ${name}, with new or old data`,
        release: 'back',
        whenDone: 'over',
      },
    }),
    hold: step('hold', `block ${unit} start on ${name} until the data is complete`, {
      commands: { run: stage('hold', undefined, unit, whoLine(wish.who)) },
    }),
    /** Just before: hours may lie between the plan and this. */
    stop: runs
      ? [
          step('note', `note how ${unit} on ${name} replicates: an undone seed starts it again as that`, {
            commands: { run: before('note', undefined, replicaWord(speaker), ...filtersToRepeat(wish, target)) },
          }),
          { ...serviceStep('stop', target, unit), lane: name },
        ]
      : [],
    clear: step('clear', `delete the old data in ${datadir} on ${name}`, {
      commands: { run: stage('clear', deleteDeadlineMs) },
    }),
    change: step('switch', `swap in the new data on ${name}; keep the old data aside${besides(wish, target)}`, {
      commands: {
        run: stage('switch', deleteDeadlineMs),
        down: stage('down', stopDeadlineMs, unit, whoLine(wish.who)),
      },
      acquires: { what: `the new data in place of the old on ${name}`, release: 'down', whenDone: 'keep' },
    }),
    free: step('free', `allow ${unit} start on ${name}: the data is complete`, {
      commands: { run: stage('free', undefined, unit) },
    }),
    drop: step('drop', `delete the old data on ${name}`, {
      commands: { run: stage('drop', deleteDeadlineMs) },
    }),
  };
}

/** What its server knows of filters that no option file has: statements. MariaDB tells them by itself. */
function filtersToRepeat({ asked }: SeedWish, { host }: Side): string[] {
  const kept = asked?.replicas?.[host.name];
  return kept === undefined || typeof kept === 'string' ? [] : filterStatements(kept);
}

/** ` (binlog, redo outside of the datadir too)`, and what the new data's server would make there. */
function besides({ donor }: SeedWish, { facts }: Side): string {
  const kinds = [...new Set(asideWords(facts).map((word) => word.slice(0, word.indexOf('='))))].join(', ');
  const channels = namedChannels(facts, channelNames(donor)).join(', ');
  const made = channels && `; an undo deletes relay logs that it makes for channels of ${donor.host.name}: ${channels}`;
  return kinds === '' ? '' : ` (${kinds} outside of the datadir too${made})`;
}

/**
 * For seed-stage.sh: what goes aside beside the datadir, what of the target's own goes over, what of the donor's does not
 * stay, and what no stranger is. */
const placeWords = ({ donor }: SeedWish, { facts }: Side): string[] => [
  ...asideWords(facts),
  ...donorChannelWords(facts, channelNames(donor)),
  ...keptFiles(facts).map((name) => `keep=${name}`),
  ...foreignLogs(donor.facts, facts),
  ...ownWords(facts),
];
