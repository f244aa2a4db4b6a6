// What reaches a receiver, and what becomes of what does not: by real servers of loopback, with the journal's own clock.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';
import { sendDue } from '../../src/operations/notify/send.ts';
import { settleJobs, settleRuns } from '../../src/operations/notify/settle.ts';
import { tellReceivers } from '../../src/operations/notify/tell-receivers.ts';
import { refused } from '../../src/operations/result.ts';
import { inventoryOf } from '../inventory/reading.ts';
import { path, sceneForEach } from '../schedule/ticking.ts';
import { type HttpReceiver, httpReceiver, status } from './receiver.ts';

const scene = sceneForEach();
let folder = '';
let files = 0;
const open: HttpReceiver[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-notify-'));
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await rm(folder, { recursive: true });
});

const listening = async (answer: Parameters<typeof httpReceiver>[0]) => {
  const receiver = await httpReceiver(answer);
  open.push(receiver);
  return receiver;
};

async function urlFile(url: string, mode = 0o600): Promise<string> {
  files += 1;
  const file = join(folder, `url-${files}`);
  await writeFile(file, `${url}\n`, { mode });
  await chmod(file, mode);
  return file;
}

const withNotify = (notify: string) => `hosts: { db1: {}, db2: {} }
schedules: { each: { cron: "* * * * *", timezone: UTC, do: snapshot, hosts: db1 } }
notify:
  ${notify}
`;

/** The first tick of a schedule has no time yet. */
async function begun(inventory: string): Promise<void> {
  const { at, tick } = scene();
  at('2026-05-01T02:29:50Z');
  await tick(inventory);
  at('2026-05-01T02:30:01Z');
  await tick(inventory);
}

const never = new AbortController().signal;
async function send(budgetMs = 60_000): Promise<void> {
  const { store, nowMs } = scene();
  settleJobs(store, nowMs());
  await sendDue(store, { nowMs, budgetMs, signal: never });
}
const deliveries = () => scene().store.journal.telling.newest(100);
const failing = () => scene().store.journal.telling.failing(0);

describe('a job of which a receiver is told', () => {
  test('is told when it begins and when it ends, each once, by however many processes', async () => {
    const receiver = await listening(status(200));
    const notify = `team: { to: webhook, urlFile: ${await urlFile(receiver.url)}, on: [begun, done, failed] }`;
    await begun(withNotify(notify));
    await send();
    expect(receiver.got.map(({ body }) => JSON.parse(body).title)).toEqual(['▶ running: job 1, snapshot of db1']);
    scene().end();
    // Two processes at once, each with a connection of its own.
    const { store, nowMs } = scene();
    const other = openJournal(store.home.journal, nowMs);
    if (!other) throw new Error('no journal');
    settleJobs(store, nowMs());
    settleJobs({ ...store, journal: other }, nowMs());
    await Promise.all([
      sendDue(store, { nowMs, budgetMs: 60_000, signal: never }),
      sendDue({ ...store, journal: other }, { nowMs, budgetMs: 60_000, signal: never }),
    ]);
    other.close();
    await send();
    expect(receiver.got.map(({ body }) => JSON.parse(body).title)).toEqual([
      '▶ running: job 1, snapshot of db1',
      '✔ done: job 1, snapshot of db1',
    ]);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(2);
  });

  test('is told also where its runner was killed before it could tell: the next process does', async () => {
    const receiver = await listening(status(200));
    await begun(withNotify(`team: { to: slack, urlFile: ${await urlFile(receiver.url)} }`));
    const { store, nowMs } = scene();
    store.journal.setJob(1, 'failed', 'db1 <!channel>\u0007 is full');
    const later = openJournal(store.home.journal, nowMs);
    if (!later) throw new Error('no journal');
    settleJobs({ ...store, journal: later }, nowMs());
    await sendDue({ ...store, journal: later }, { nowMs, budgetMs: 1000, signal: never });
    later.close();
    expect(receiver.got).toHaveLength(1);
    expect(JSON.parse(receiver.got[0]?.body ?? '').text).toContain('db1 &lt;!channel&gt;\ufffd is full');
  });

  test('that never had a runner, since the process that recorded it was killed, is told to need a person', async () => {
    const receiver = await listening(status(200));
    await begun(
      withNotify(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)}, on: [begun, needs-person] }`),
    );
    scene().store.journal.setJob(1, 'planned');
    await send();
    expect(receiver.got.map(({ body }) => JSON.parse(body).title)).toEqual(['! runner died: job 1, snapshot of db1']);
  });

  test('is told to no receiver of other hosts or other events', async () => {
    const receiver = await listening(status(200));
    const file = await urlFile(receiver.url);
    const notify = `other: { to: webhook, urlFile: ${file}, hosts: db2, on: [begun, done] }
  bad: { to: webhook, urlFile: ${file}, on: failed }`;
    await begun(withNotify(notify));
    scene().end();
    await send();
    expect(receiver.got).toEqual([]);
    expect(scene().store.journal.telling.jobs()).toEqual([]);
  });
});

describe('a receiver that does not take it', () => {
  const failOnce = async (notify: string) => {
    await begun(withNotify(notify));
    scene().end('failed');
    await send();
    return failing().map(({ error }) => error);
  };

  test('and answers 500 is asked again after growing pauses, and then it is given up, and said', async () => {
    const receiver = await listening(status(500));
    expect(await failOnce(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)} }`)).toEqual([
      'it answered 500',
    ]);
    await send();
    expect(receiver.got).toHaveLength(1);
    const times: number[] = [];
    for (let [one] = deliveries(); one?.state === 'waiting'; [one] = deliveries()) {
      times.push(one.nextMs - scene().nowMs());
      scene().at(new Date(one.nextMs).toISOString());
      await send();
    }
    expect(times).toEqual([15_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000]);
    expect(receiver.got).toHaveLength(7);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1);
    expect(deliveries()).toMatchObject([{ state: 'failed', error: 'it answered 500', tries: 7 }]);
  });

  test('and says when to come again is asked then', async () => {
    const receiver = await listening((response, number) =>
      status(number === 1 ? 429 : 200, { 'retry-after': '120' })(response),
    );
    await failOnce(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)} }`);
    expect((deliveries()[0]?.nextMs ?? 0) - scene().nowMs()).toBe(120_000);
    scene().at(new Date(deliveries()[0]?.nextMs ?? 0).toISOString());
    await send();
    expect(deliveries()).toMatchObject([{ state: 'sent', tries: 2 }]);
    expect(failing()).toEqual([]);
  });

  test('and redirects is not followed: the URL is a secret', async () => {
    const other = await listening(status(200));
    const receiver = await listening(status(302, { location: other.url }));
    const [why] = await failOnce(`team: { to: slack, urlFile: ${await urlFile(receiver.url)} }`);
    expect(why).toBe('it answered 302, a redirect: that is not followed, since the URL is a secret');
    expect(other.got).toEqual([]);
  });

  test('and is not there is a failure without its URL in it', async () => {
    const receiver = await httpReceiver(status(200));
    await receiver.close();
    expect(await failOnce(`team: { to: slack, urlFile: ${await urlFile(receiver.url)} }`)).toEqual([
      'the connection was refused',
    ]);
  });

  test('and never answers holds up no other receiver, and ends by its deadline', async () => {
    const hangs = await listening(() => undefined);
    const takes = await listening(status(200));
    const notify = `hangs: { to: webhook, urlFile: ${await urlFile(hangs.url)} }
  takes: { to: webhook, urlFile: ${await urlFile(takes.url)} }`;
    const startMs = Date.now();
    expect(await failOnce(notify)).toEqual(['no answer within 10 s']);
    expect(Date.now() - startMs).toBeLessThan(20_000);
    expect(takes.got).toHaveLength(1);
  });

  test('and answers without an end is left after its head', async () => {
    const receiver = await listening((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(1000)), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await failOnce(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)} }`)).toEqual([]);
  });

  test('keeps its secret: neither the journal nor a message of a failure has it', async () => {
    const receiver = await listening(status(403));
    const whys = [
      ...(await failOnce(`team: { to: slack, urlFile: ${await urlFile(receiver.url)} }
  open: { to: slack, urlFile: ${await urlFile(`${receiver.url}/open`, 0o644)} }
  none: { to: slack, urlFile: ${folder}/none }
  unset: { to: slack, urlVariable: RESEED_TEST_UNSET }
  plain: { to: slack, urlFile: ${await urlFile('http://192.0.2.1/sEcReT')} }`)),
    ];
    expect(whys).toHaveLength(5);
    expect(whys.join('\n')).toMatch(/others may read it: chmod 600/);
    expect(whys.join('\n')).toMatch(/does not exist/);
    expect(whys.join('\n')).toMatch(/RESEED_TEST_UNSET is not set/);
    expect(whys.join('\n')).toMatch(/is http/);
    const { journal } = scene().store.home;
    for (const end of ['', '-wal']) {
      expect((await readFile(`${journal}${end}`)).includes('sEcReT')).toBe(false);
    }
    expect(whys.join('\n')).not.toMatch(/sEcReT/);
  });
});

test('a password with a lone % in the URL of one receiver stops no other, and is sent as it stands', async () => {
  const receiver = await listening(status(200));
  const odd = receiver.url.replace('//', '//bot:50%off%C3%B6@');
  await begun(
    withNotify(`odd: { to: webhook, urlFile: ${await urlFile(odd)}, on: failed }
  team: { to: webhook, urlFile: ${await urlFile(receiver.url)}, on: failed }`),
  );
  scene().end('failed');
  await send();
  expect(receiver.got.map(({ authorization }) => authorization)).toEqual([
    `Basic ${Buffer.from('bot:50%offö').toString('base64')}`,
    '',
  ]);
  expect(deliveries().map(({ state }) => state)).toEqual(['sent', 'sent']);
});

describe('programs that take a message', () => {
  const program = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
  };

  test('sendmail gets the addresses as words and the mail on its input, and no secret of the environment', async () => {
    const sendmail = await program(
      'sendmail',
      `{ for word; do printf '%s|' "$word"; done; echo; env; cat; } > ${folder}/got`,
    );
    process.env.RESEED_TEST_URL = 'https://example.com/sEcReT';
    await begun(
      withNotify(
        `dba: { to: mail, recipients: [a@example.com, b@example.com], from: r@example.com, sendmail: ${sendmail} }`,
      ),
    );
    scene().end('failed');
    await send();
    delete process.env.RESEED_TEST_URL;
    const got = await readFile(join(folder, 'got'), 'utf8');
    expect(got.split('\n')[0]).toBe('-i|-f|r@example.com|--|a@example.com|b@example.com|');
    expect(got).toContain('To: a@example.com,\n b@example.com\nSubject: =?UTF-8?B?');
    expect(got).not.toContain('sEcReT');
    expect(failing()).toEqual([]);
  });

  test('a command that leaves a process behind does not keep reseed from ending', async () => {
    const leaves = await program('leaves', `cat > /dev/null; sleep 60 & echo $! > ${folder}/left; exit 0`);
    const module = new URL('../../src/operations/notify/ways/run-program.ts', import.meta.url).href;
    const text = `import { runProgram } from '${module}';
      const how = { input: 'x', signal: new AbortController().signal, deadlineMs: 15_000 };
      console.log(await runProgram(['${leaves}'], how));`;
    const startMs = Date.now();
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', text]);
    process.kill(Number(await readFile(join(folder, 'left'), 'utf8')));
    expect(stdout).toBe('undefined\n');
    expect(Date.now() - startMs).toBeLessThan(30_000);
  });

  test('a program of a receiver that another account can write to is not run, nor a script that its words name: it was, as the operator', async () => {
    const open = await program('open', `touch ${folder}/ran; cat > /dev/null`);
    await chmod(open, 0o757);
    await begun(
      withNotify(`open: { to: command, run: [${open}] }
  script: { to: command, run: [/bin/sh, ${open}] }
  mail: { to: mail, recipients: [a@example.com], sendmail: ${open} }`),
    );
    scene().end('failed');
    await send();
    expect(failing().map(({ name, error }) => [name, error])).toEqual(
      ['mail', 'open', 'script'].map((name) => [
        name,
        expect.stringMatching(/other accounts can write to .*\(mode 757\).*: it is not run$/),
      ]),
    );
    await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  });

  test('a command that fails, or does not end, is a failure of the receiver alone', async () => {
    const fails = await program('fails', 'echo "no pager" >&2; exit 3');
    const reads = await program('reads', `cat > ${folder}/got`);
    await begun(
      withNotify(`fails: { to: command, run: [${fails}] }
  reads: { to: command, run: [${reads}, --urgent] }
  none: { to: command, run: [/none/of/that] }`),
    );
    scene().end('failed');
    await send();
    expect(failing().map(({ name, error }) => [name, error])).toEqual([
      ['fails', `${fails} ended with 3: no pager`],
      ['none', '/none/of/that: there is no such file: it is not run'],
    ]);
    expect(JSON.parse(await readFile(join(folder, 'got'), 'utf8'))).toMatchObject({
      events: ['failed'],
      hosts: ['db1'],
    });
  });
});

test('a message that was queued while the clock was a day ahead is sent once the clock is right', async () => {
  const receiver = await listening(status(200));
  await begun(withNotify(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)}, on: failed }`));
  const { store, at, end, nowMs } = scene();
  end('failed');
  at('2026-05-02T02:30:00Z');
  settleJobs(store, nowMs());
  at('2026-05-01T02:31:00Z');
  await send();
  expect(receiver.got).toHaveLength(1);
});

test('a schedule that waits while its times pass is told as missed once, and again where it waits anew', async () => {
  const receiver = await listening(status(200));
  const text = withNotify(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)}, on: missed }`);
  const { store, at, tick, answers, nowMs, end } = scene();
  const settled = async (time: string) => {
    at(time);
    await tick(text);
    settleRuns(store, path, inventoryOf(text).notify ?? [], nowMs());
    await send();
  };
  const titles = () => receiver.got.map(({ body }) => JSON.parse(body).title);
  await begun(text);
  end();
  answers(async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db1' }));
  await settled('2026-05-01T02:31:01Z');
  await settled('2026-05-01T03:20:01Z');
  expect(titles()).toEqual([]);
  await settled('2026-05-01T03:31:01Z');
  await settled('2026-05-01T03:32:01Z');
  expect(titles()).toEqual(['! schedule each missed: db1']);
  expect(JSON.parse(receiver.got[0]?.body ?? '')).toMatchObject({
    events: ['missed'],
    lines: ['a later time has come, and it still waits: db1: no route', 'reseed schedule list'],
  });
  answers();
  await settled('2026-05-01T04:00:01Z');
  end();
  answers(async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db1' }));
  await settled('2026-05-01T04:01:01Z');
  await settled('2026-05-01T05:02:01Z');
  expect(titles()).toEqual(['! schedule each missed: db1', '! schedule each missed: db1']);
});

describe('a schedule that fails each minute for the same reason', () => {
  test('is told for each of two inventories of one account', async () => {
    const { store, tick, answers, at, nowMs } = scene();
    const text = withNotify(`team: { to: webhook, urlFile: /none }`);
    const { notify = [] } = inventoryOf(text);
    await begun(text);
    scene().end();
    answers(async () => refused({ kind: 'refused', message: 'db1 is full', advice: '' }));
    at('2026-05-01T02:31:01Z');
    await tick(text);
    const runs = store.journal.schedules.untold(path);
    settleRuns(store, path, notify, nowMs());
    const told = deliveries().length;
    const untold = () => runs.filter(({ state }) => state === 'refused');
    const schedules = { ...store.journal.schedules, untold };
    settleRuns({ ...store, journal: { ...store.journal, schedules } }, '/etc/reseed/staging.yaml', notify, nowMs());
    expect(
      deliveries()
        .slice(0, -told)
        .map(({ state }) => state),
    ).toEqual(['waiting']);
  });

  test('is told again where one went well in between', async () => {
    const { store, tick, answers, at, nowMs, end } = scene();
    const text = withNotify(`team: { to: webhook, urlFile: /none }`);
    const { notify = [] } = inventoryOf(text);
    await begun(text);
    end();
    for (const [minute, isWell] of [31, 32, 33, 34].map((one) => [one, one === 33] as const)) {
      if (isWell) answers();
      else answers(async () => refused({ kind: 'refused', message: 'db1 is full', advice: '' }));
      at(`2026-05-01T02:${minute}:01Z`);
      await tick(text);
      end();
      settleRuns(store, path, notify, nowMs());
    }
    const refusals = deliveries().filter(({ key }) => key.startsWith('run '));
    expect(refusals.map(({ state }) => state)).toEqual(['waiting', 'same', 'waiting']);
  });

  test('of another inventory does not silence its job that failed', async () => {
    const { store, nowMs } = scene();
    const text = withNotify('team: { to: webhook, urlFile: /none }');
    await begun(text);
    scene().end('failed');
    settleJobs(store, nowMs());
    const line = `schedule ${path} each snapshot of db1`;
    expect(store.journal.telling.lastOf(line)).toMatchObject({ key: expect.stringContaining('failed') });
  });

  test('is told once, and again where it failed anew after it went well', async () => {
    const receiver = await listening(status(200));
    const text = withNotify(`team: { to: webhook, urlFile: ${await urlFile(receiver.url)} }`);
    const inventory = inventoryOf(text);
    const { store, at, tick, answers, nowMs, end } = scene();
    const failOn = (minute: number) => async () => {
      answers(async () => refused({ kind: 'refused', message: `db1 has ${minute} snapshots`, advice: '' }));
    };
    await begun(text);
    end();
    for (const minute of [31, 32, 33]) {
      await failOn(minute)();
      at(`2026-05-01T02:${minute}:01Z`);
      await tick(text);
      settleRuns(store, path, inventory.notify ?? [], nowMs());
      settleRuns(store, path, inventory.notify ?? [], nowMs());
      await send();
    }
    expect(receiver.got.map(({ body }) => JSON.parse(body).title)).toEqual(['✖ schedule each refused: db1']);
    expect(deliveries().map(({ state }) => state)).toEqual(['same', 'same', 'sent']);
    // Four hours later it is told again.
    at('2026-05-01T06:35:01Z');
    await tick(text);
    settleRuns(store, path, inventory.notify ?? [], nowMs());
    await send();
    expect(receiver.got).toHaveLength(2);
  });
});

describe('the heartbeat', () => {
  test('is called by a tick, and its failure is kept without its URL', async () => {
    const receiver = await listening((response, number) => status(number === 1 ? 200 : 500)(response));
    const text = `hosts: { db1: {} }\nheartbeat: { urlFile: ${await urlFile(receiver.url)} }`;
    const { store } = scene();
    const told = { inventory: inventoryOf(text), path, isTick: true, signal: never };
    await tellReceivers(store, told);
    expect(receiver.got).toMatchObject([{ method: 'GET', path: '/services/T0/B0/sEcReT' }]);
    expect(store.journal.telling.heartbeat(path)).not.toHaveProperty('error');
    await tellReceivers(store, told);
    await tellReceivers(store, { ...told, isTick: false });
    expect(receiver.got).toHaveLength(2);
    expect(store.journal.telling.heartbeat(path)).toMatchObject({ error: 'it answered 500' });
  });
});
