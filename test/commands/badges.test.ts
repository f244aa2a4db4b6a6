// One sign, one word and one tone for each state, wherever it is shown: in the console, by a verb, in JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fullLook } from '../../components/base/theme.ts';
import { displayWidth } from '../../components/base/width.ts';
import { badgeSpan } from '../../components/panes/badge-span.ts';
import { jobStateSpan } from '../../components/panes/job/job-words.ts';
import { stepLines as consoleSteps } from '../../components/panes/job/step-list.ts';
import { jobColumns } from '../../components/screens/jobs/list.ts';
import { hostJson } from '../../src/commands/hosts/status/json.ts';
import { statusLines, summaryLine } from '../../src/commands/hosts/status/table.ts';
import { jobJson } from '../../src/commands/jobs/job/job-json.ts';
import { stepLines } from '../../src/commands/jobs/job/job-text.ts';
import { alertBadges, type HostState, hostBadges, stateOf } from '../../src/fleet/badges.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { snapshotBadges } from '../../src/host/storage/snapshots.ts';
import { jobStates, resourceStates, stepStates } from '../../src/job/journal/record.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import {
  diedBadge,
  jobBadges,
  lapsedBadge,
  owedBadge,
  partlyDoneBadge,
  resourceBadge,
  resourceBadges,
  stepBadges,
} from '../../src/job/words/badges.ts';
import { verdictBadges } from '../../src/operations/hosts/findings.ts';
import { findingBadges } from '../../src/seed/preflight/finding.ts';
import { asciiSigns, type Badge, badgeJson, badgeText, unicodeSigns } from '../../src/text/badge.ts';
import { changedJob, jobNumbered, recordedJobs } from '../components/jobs.ts';
import { hostNamed, pictureOf, recorded } from '../live/pictures.ts';
import { failed } from '../live/scripted.ts';

const tables: Readonly<Record<string, Readonly<Record<string, Badge>>>> = {
  host: hostBadges,
  alert: alertBadges,
  job: { ...jobBadges, died: diedBadge, lapsed: lapsedBadge },
  step: { ...stepBadges, partly: partlyDoneBadge },
  resource: { ...resourceBadges, owed: owedBadge },
  snapshot: snapshotBadges,
  finding: findingBadges,
  verdict: verdictBadges,
};
const all = Object.entries(tables).flatMap(([of, badges]) =>
  Object.entries(badges).map(([state, badge]) => ({ of, state, badge })),
);

test.each(all)('$of $state has one sign and a word or two, in ASCII as well', ({ badge }) => {
  expect(badge.word).toMatch(/^[a-z]+(?:[ -][a-z]+){0,2}$/);
  for (const signs of [unicodeSigns, asciiSigns]) expect(displayWidth(signs[badge.sign])).toBe(1);
  const ascii = badgeSpan(badge, { ...fullLook, unicode: false });
  expect(ascii.text).toMatch(/^[\x20-\x7e] \S/);
  expect(badgeSpan(badge, fullLook)).toEqual({ text: badgeText(badge), tone: badge.tone });
  expect(badgeJson(badge)).toEqual({ sign: unicodeSigns[badge.sign], word: badge.word, tone: badge.tone });
});

test('no two states of one thing look alike, and no two signs', () => {
  for (const badges of Object.values(tables)) {
    const texts = Object.values(badges).map((badge) => badgeText(badge));
    expect(new Set(texts).size).toBe(texts.length);
  }
  for (const signs of [unicodeSigns, asciiSigns]) {
    const values = Object.values(signs);
    expect(new Set(values).size).toBe(values.length);
  }
});

test('a word has one sign, whatever it is said of', () => {
  const signs = new Map<string, string>();
  for (const { badge } of all) {
    expect(`${badge.word} ${badge.sign}`).toBe(`${badge.word} ${signs.get(badge.word) ?? badge.sign}`);
    signs.set(badge.word, badge.sign);
  }
});

describe('a host', () => {
  const { atMs } = recorded('up');
  const db2 = hostNamed(pictureOf('up'), 'db2');
  const service = db2.report.service?.ok ? db2.report.service.value : undefined;
  if (!service) throw new Error('nothing was recorded of the service of db2');
  const { server: _, ...quiet } = db2.report;
  const with_ = (change: Partial<typeof service>): HostPicture => {
    const { pid: __, ...rest } = service;
    return { ...db2, report: { ...quiet, service: { ok: true, value: { ...rest, ...change } } } };
  };
  const link = (kind: 'sudo' | 'unreachable'): HostPicture => {
    return { ...db2, link: { state: 'failed', sinceMs: atMs, failure: failed(kind, 'why') } };
  };
  const { answeredAtMs: ___, ...unanswered } = db2;
  const { unit: ____, pid: _____, ...noUnit } = service;
  const pictures: Readonly<Record<HostState, HostPicture>> = {
    up: db2,
    down: with_({ state: 'failed' }),
    starting: with_({ state: 'activating' }),
    stopping: with_({ state: 'deactivating' }),
    'crash-looping': with_({
      looping: { restarts: 5, sinceMs: atMs } as unknown as NonNullable<typeof service.looping>,
    }),
    closed: {
      ...db2,
      report: { ...quiet, service: { ok: true, value: { ...service, pid: 7 } }, server: { ok: false, why: 'refused' } },
    },
    blank: { ...db2, report: { ...quiet, service: { ok: true, value: noUnit } } },
    unknown: { ...db2, report: {} },
    silent: { ...db2, link: { state: 'silent', sinceMs: atMs } },
    asking: { ...unanswered, link: { state: 'connecting', sinceMs: atMs } },
    unreachable: link('unreachable'),
    'no sudo': link('sudo'),
  };

  test.each(Object.entries(pictures))('that is %s is told so by status, its summary and its JSON', (state, picture) => {
    expect(stateOf(picture)).toBe(state);
    const badge = hostBadges[state as HostState];
    const fleet = { ...pictureOf('up'), hosts: [picture] };
    const plain = { nowMs: atMs, jobs: [], paint: (_tone: unknown, text: string) => text };
    expect(statusLines(fleet, plain)[1]).toContain(badgeText(badge));
    expect(summaryLine(fleet, plain.paint)).toContain(`${unicodeSigns[badge.sign]} 1 ${badge.word}`);
    expect(hostJson(picture, [], [])).toMatchObject({ badge: badgeJson(badge) });
  });
});

describe('a job', () => {
  const { recordedAtMs: nowMs, views } = recordedJobs();
  const some = jobNumbered(views, 9);
  const seen: readonly (readonly [string, JobView, Badge])[] = [
    ...jobStates.map((state) => [state, changedJob(some, { state }), jobBadges[state]] as const),
    ['running, its runner died', { ...changedJob(some, { state: 'running' }), abandoned: true }, diedBadge],
    ['running, not renewed', { ...changedJob(some, { state: 'running' }), lapsed: true }, lapsedBadge],
  ];

  test.each(seen)('that is %s looks the same on its screen, in the list and in JSON', (_, view, badge) => {
    expect(jobStateSpan(view, fullLook)).toEqual({ text: badgeText(badge), tone: badge.tone });
    const state = jobColumns({ nowMs, look: fullLook }).find(({ title }) => title === 'STATE');
    const [cell] = state?.cell({ id: '9', name: 'job 9', view, damaged: undefined }, 16) ?? [];
    expect(cell?.text).toBe(badgeText(badge));
    expect(displayWidth(cell?.text ?? '')).toBeLessThanOrEqual(16);
    expect(jobJson(view.job, view)).toMatchObject({ badge: badgeJson(badge) });
  });

  test.each(stepStates)('a step that is %s has its sign by the verb, on the screen and in JSON', (state) => {
    const { name } = some.job.steps[0] ?? { name: '' };
    const step = { name, state, startedMs: nowMs };
    const view = changedJob(some, { state: 'running', steps: [step] });
    const sign = unicodeSigns[stepBadges[state].sign];
    expect(stepLines(step, false, nowMs)[0]).toMatch(new RegExp(`^\\${sign} `));
    const [line = []] = consoleSteps(view, 5, { nowMs, look: fullLook, width: 80 });
    expect(line.map(({ text }) => text).join('')).toMatch(new RegExp(`^ \\${sign} `));
    expect(jobJson(view.job, view).steps).toMatchObject([{ badge: badgeJson(stepBadges[state]) }]);
  });

  test('steps that a job ended before did not run, and wait for nothing', () => {
    const { name, title } = some.job.plan.steps[0] ?? { name: '', title: '' };
    const step = { name, state: 'waiting' } as const;
    const view = changedJob(some, { state: 'aborted', steps: [step] });
    expect(stepLines(step, false, nowMs, true)).toEqual([`${unicodeSigns.none} ${name}`]);
    const [line = []] = consoleSteps(view, 5, { nowMs, look: fullLook, width: 80 });
    expect(line.map(({ text }) => text).join('')).toBe(` ${unicodeSigns.none} 1 step did not run, from: ${title}`);
    expect(jobJson(view.job, view).steps).toMatchObject([{ badge: { word: 'not run' } }]);
  });

  test.each(resourceStates)('what it made and that is %s has its badge in JSON', (state) => {
    const view = changedJob(some, { resources: [{ step: 'lock', what: 'the lock of db6', state }] });
    expect(jobJson(view.job, view).resources).toMatchObject([{ badge: badgeJson(resourceBadges[state]) }]);
  });
});

test('the restart of a server that an abort undid is not said to be removed', () => {
  expect(badgeText(resourceBadge({ state: 'released', isOwed: true }))).toBe('– no longer due');
  expect(resourceBadge({ state: 'released' })).toBe(resourceBadges.released);
  expect(resourceBadge({ state: 'left', isOwed: true })).toBe(resourceBadges.left);
});

test('no file has a sign of its own: every sign is in text/badge.ts', () => {
  const signs = new RegExp(
    `['\`][^'\`]*[${['up', 'down', 'bad', 'good', 'waiting', 'running', 'over'].map((name) => unicodeSigns[name as keyof typeof unicodeSigns]).join('')}]`,
  );
  const root = join(import.meta.dirname, '../..');
  const files = ['src', 'components'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const own = files
    .filter(
      (file) => /\.tsx?$/.test(file) && !['src/text/badge.ts', 'src/commands/hosts/status/status.ts'].includes(file),
    )
    .filter((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .some((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && signs.test(line.replace(/\s\/\/ .*|\/\*\*.*\*\//, ''))),
    );
  expect(own).toEqual([]);
});
