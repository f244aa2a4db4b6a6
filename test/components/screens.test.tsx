// The screens as an operator sees them, kept in test/screens/, so that a review sees each change of one. They are drawn
// from recordings of the practice fleet. After an intended change: npx vitest run --project unit
// test/components/screens.test.tsx -u
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { LogView } from '../../src/fleet/log/follow.ts';
import { showUtc } from '../../src/text/times.ts';
import { emptyLog, openConsole, recorded } from './console.tsx';
import { recordedJobs, seedInCopy, withTargets } from './jobs.ts';

const calm = recorded('calm');
const trouble = recorded('trouble');
const { recordedAtMs, views } = recordedJobs();
const onCalm = { picture: calm.picture, nowMs: calm.recordedAtMs };
const inTrouble = { picture: trouble.picture, nowMs: trouble.recordedAtMs };

/** The error log of the first host, as it was recorded. */
function recordedLog() {
  const { errorLog } = calm.picture.hosts[0]?.report ?? {};
  if (!errorLog?.ok) throw new Error('no error log was recorded');
  const { lines, path } = errorLog.value;
  return createStore<LogView>(() => ({ ...emptyLog, state: 'following', entries: lines, ...(path && { path }) }));
}

/** A seed of two targets in its copy, one of which was tried again. */
function twoTargets() {
  const gib = 1024 ** 3;
  const lane = (done: number) => ({ text: '', doneBytes: done * gib, totalBytes: 221 * gib });
  const samples = [0, 1, 2, 3].map((at) => ({
    atMs: recordedAtMs - (3 - at) * 1000,
    doneBytes: (118 + at) * 0.4 * gib,
  }));
  const progress = {
    ...lane(120),
    lanes: { db4: lane(151), db6: lane(120) },
    try: { number: 2, of: 3 },
    lastError: 'db6: connection reset by peer',
  };
  return withTargets(seedInCopy({ progress }, samples), 'db4', 'db6');
}

interface Shown {
  readonly name: string;
  readonly at: Omit<Parameters<typeof openConsole>[0], 'columns' | 'rows'>;
  readonly keys?: string;
  /** A text that is on the screen when it is complete. */
  readonly until: string | RegExp;
}

const shown: readonly Shown[] = [
  { name: 'fleet', at: onCalm, until: 'db6' },
  { name: 'trouble', at: inTrouble, until: '── db6' },
  { name: 'old-values', at: { ...inTrouble, nowMs: trouble.recordedAtMs + 13 * 60_000 }, until: '13 min' },
  { name: 'host', at: { ...onCalm, log: recordedLog() }, keys: '0g\r', until: /follow · [\d,]+ lines/ },
  { name: 'jobs', at: { ...onCalm, nowMs: recordedAtMs, jobs: views }, keys: 'J', until: /▸ +11 / },
  { name: 'job', at: { ...onCalm, nowMs: recordedAtMs, jobs: views }, keys: 'Jjj\r', until: 'log, to its end' },
  {
    name: 'job-two-targets',
    at: { ...onCalm, nowMs: recordedAtMs, jobs: [twoTargets(), ...views] },
    keys: 'J\r',
    until: /db6 +▶ running/,
  },
  { name: 'seed', at: onCalm, keys: '0Ge', until: 'nothing is done yet' },
  { name: 'palette', at: onCalm, keys: ':snap', until: /▸ snapshot create/ },
];

const sizes = ['80x24', '120x40', '200x50'];

beforeAll(() => showUtc());
afterAll(() => showUtc(false));

test.each(shown.flatMap((one) => sizes.map((size) => ({ ...one, size }))))(
  'the screen $name at $size is as it is kept',
  async ({ name, at, keys = '', until, size }) => {
    const [columns = 0, rows = 0] = size.split('x').map(Number);
    const console = openConsole({ ...at, columns, rows, worstFirst: true });
    await console.shows('db6');
    console.press(keys);
    await console.shows(until);
    const text = console.lines().map((line) => line.trimEnd());
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot(`../screens/${name}-${size}.txt`);
  },
);
