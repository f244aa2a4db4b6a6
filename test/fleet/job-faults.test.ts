// What can go wrong around a job, made for real. Each ends in "done", in "undone", or in saying exactly what is left.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  drill,
  type Ended,
  onHost,
  printedOn,
  reseed,
  reseedWords,
  runs,
  testEnvironment,
  testState,
  until,
} from './fleet.ts';

let folder: string;
/** The sample inventory for an operator with another state folder; a snapshot of db6 has room for 16 MiB. */
let inventory: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-faults-'));
  inventory = join(folder, 'hosts.yaml');
  const sample = await readFile('hosts.yaml', 'utf8');
  const own = sample
    .replaceAll(`\${XDG_STATE_HOME:-~/.local/state}`, testState)
    .replace(/^( +)db6:.*$/m, '$&\n$1  snapshot: { size: 16M }');
  await writeFile(inventory, own);
});
afterAll(() => rm(folder, { recursive: true }));

/** An operator: a jump host of their own, as far as hosts can tell. */
function operator(home: string) {
  const words = (...verb: string[]) => [
    ...['drill', 'exec', '--', 'env', `XDG_STATE_HOME=${home}`, `RESEED_INVENTORY=${inventory}`],
    ...[...reseedWords, ...verb],
  ];
  const says = (...verb: string[]): Promise<Ended> => reseed(words(...verb));
  const done = async (...verb: string[]): Promise<string> => {
    const ended = await says(...verb);
    if (ended.exitCode === 0) return ended.stdout;
    throw new Error(`reseed ${verb.join(' ')} ended with ${ended.exitCode}:\n${ended.stdout}${ended.stderr}`);
  };
  const jobs = async (): Promise<{ id: number; state: string; error?: string; abandoned: boolean }[]> =>
    JSON.parse(await done('jobs', '--json')).jobs;
  const begun = async (...verb: string[]): Promise<string> => String(JSON.parse(await done(...verb, '--json')).id);
  const job = async (id: string) => (await jobs()).find((one) => String(one.id) === id);
  return { words, says, done, jobs, begun, job };
}
const anna = () => operator(join(folder, 'anna'));

const ended = (who: ReturnType<typeof operator>, id: string, deadlineMs = 240_000) =>
  until(
    () => who.job(id),
    (job) => job !== undefined && (job.abandoned || !['planned', 'running', 'releasing'].includes(job.state)),
    deadlineMs,
  );

const volumes = async (host: string) =>
  (await printedOn(host, 'lvs --noheadings -o lv_name')).split('\n').map((line) => line.trim());
const ours = async (host: string) => (await volumes(host)).filter((name) => name.startsWith('reseed-'));
const lockOn = (host: string) => printedOn(host, 'cat /run/reseed/lock 2>/dev/null || true');
const standing = async (host: string) => ({ snapshots: await ours(host), lock: await lockOn(host) });
const nothing = { snapshots: [], lock: '' };

const wrapper = '/usr/local/bin/lvcreate';
/** What `lvcreate` is for reseed's scripts: these words first. */
const lvcreateAfter = (host: string, words: string) =>
  printedOn(
    host,
    `rm -f ${word}; printf "%s\\n" "#!/bin/sh" "${words}" "exec /usr/sbin/lvcreate \\"\\$@\\"" >${wrapper}; chmod 755 ${wrapper}`,
  );
const inLvcreate = (host: string) =>
  until(
    () => onHost(host, "pgrep -f '/usr/local/bin/[l]vcreate'"),
    ({ exitCode }) => exitCode === 0,
  );
const word = '/run/reseed-go';
/** It begins, and waits for our word. */
const heldLvcreate = (host: string) => lvcreateAfter(host, `until [ -e ${word} ]; do sleep 0.2; done`);
const letGo = (host: string) => printedOn(host, `touch ${word}`);
/** What has begun goes on; what begins now is lvcreate as it was. */
const heal = (host: string) => printedOn(host, `rm -f ${wrapper}; touch ${word}`);
/** As an operator who is through with an exercise leaves a host. */
async function tidied(host: string): Promise<void> {
  await heal(host);
  await anna().says('clean', host, '--snapshots', `--yes=${host}`);
}

describe('a snapshot that is being taken', () => {
  afterEach(() => tidied('db6'));

  test('is taken to its end though the console that asked for it is killed', async () => {
    await heldLvcreate('db6');
    const [node, script] = reseedWords;
    const console = execa(node, [script, ...anna().words('snapshot', 'create', 'db6', '--yes')], {
      detached: true,
      reject: false,
      env: testEnvironment,
    });
    await inLvcreate('db6');
    // The console, with all that is in its process group: as a terminal that is closed does.
    process.kill(-(console.pid ?? 0), 'SIGKILL');
    await console;
    await letGo('db6');
    const [{ id = 0 } = {}] = await anna().jobs();
    expect(await ended(anna(), String(id))).toMatchObject({ state: 'done' });
    expect(await ours('db6')).toHaveLength(1);
    expect(await lockOn('db6')).toBe('');
  });

  test('is taken again when sshd drops its sessions in the middle of lvcreate', async () => {
    await heldLvcreate('db6');
    const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
    await inLvcreate('db6');
    await onHost('db6', "pkill -KILL -f 'sshd-session: roo[t]'");
    await letGo('db6');
    expect(await ended(anna(), id)).toMatchObject({ state: 'done' });
    expect(await ours('db6')).toHaveLength(1);
    expect(await anna().done('job', 'log', id)).toContain('→ unreachable');
  });

  test('leaves nothing when its runner is killed in the middle of lvcreate and the job is aborted', async () => {
    await heldLvcreate('db6');
    const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
    await inLvcreate('db6');
    await killRunner(id);
    const aborted = anna().says('job', 'abort', id);
    await until(
      () => anna().done('job', 'show', id),
      (shown) => shown.includes('releasing'),
    );
    await letGo('db6');
    expect((await aborted).exitCode).toBe(0);
    expect((await onHost('db6', "pgrep -f '[l]vcreate'")).exitCode).toBe(1);
    expect(await standing('db6')).toEqual(nothing);
    expect(await printedOn('db6', 'ls /run/reseed')).not.toContain('taking');
  });

  test('says what it could not take away while the line is cut, and clean takes it away later', async () => {
    await heldLvcreate('db6');
    const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
    await inLvcreate('db6');
    await drill('fault', 'cut', 'db6');
    const cut = await ended(anna(), id).finally(() => drill('heal', 'db6'));
    expect(cut).toMatchObject({ state: 'cleanup-needed' });
    expect(await anna().done('job', 'log', id)).toMatch(
      /LEFT: the snapshot vg0\/reseed-.*This takes it away: snapshot.sh/,
    );
    await heal('db6');
    await anna().done('clean', 'db6', '--snapshots', '--yes=db6');
    expect(await standing('db6')).toEqual(nothing);
  });

  test('is refused where the group has no room, and it is said what would make it possible', async () => {
    await printedOn('db6', 'lvcreate -qq -y -n filler -l 100%FREE vg0');
    const refused = await anna().says('snapshot', 'create', 'db6', '--yes');
    await printedOn('db6', 'lvremove -qq -f vg0/filler');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/vg0 of db6 has 0B free, and the snapshot needs 16M; remove old snapshots, extend/);
  });

  test('fails in the words of LVM, and leaves nothing, where the room goes in the last moment', async () => {
    await lvcreateAfter('db6', '/usr/sbin/lvcreate -qq -y -n filler -l 100%FREE vg0');
    const failed = await anna().says('snapshot', 'create', 'db6', '--yes');
    await printedOn('db6', 'lvremove -qq -f vg0/filler');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/insufficient free space/);
    expect(await standing('db6')).toEqual(nothing);
  });
});

test('a snapshot that overflows while it is mounted and read is shown so, and removed when nobody reads it any more', async () => {
  await anna().done('snapshot', 'create', 'db6', '--yes');
  const [name = ''] = await ours('db6');
  await anna().done('snapshot', 'mount', 'db6', name, '--yes');
  const folder = `/run/reseed/mount/${name}`;
  await printedOn('db6', `systemd-run -q --unit=drill-reader -p WorkingDirectory=${folder} sleep 1000000`);
  // The volume manager's own daemon unmounts what overflowed, lazily: who reads it goes on.
  await drill('fault', 'fill-snapshot', 'db6');
  expect(await anna().done('snapshot', 'list', 'db6')).toMatch(new RegExp(`${name} .* ✖ invalid`));
  await drill('heal', 'db6');
  await until(
    () => onHost('db6', `findmnt ${folder}`),
    ({ exitCode }) => exitCode === 1,
  );
  const read = await anna().says('snapshot', 'remove', 'db6', name, '--yes=db6');
  expect(read.exitCode).toBe(1);
  expect(read.stdout).toMatch(/failed: remove .*\n.*contains a filesystem in use/);
  expect((await anna().says('snapshot', 'mount', 'db6', name, '--yes')).stderr).toContain('what it held is lost');
  await printedOn('db6', 'systemctl stop drill-reader');
  await anna().done('snapshot', 'remove', 'db6', name, '--yes=db6');
  expect(await standing('db6')).toEqual(nothing);
});

test('two operators at once on one host: the second is told who the first is, and nothing is done for them', async () => {
  await heldLvcreate('db6');
  const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
  await inLvcreate('db6');
  const second = await operator(join(folder, 'ben')).says('snapshot', 'create', 'db6', '--yes');
  await letGo('db6');
  expect(second.exitCode).toBe(1);
  expect(second.stdout).toMatch(/db6 is being worked on by job [0-9a-f]{8} of root@\S+, since /);
  expect(await ended(anna(), id)).toMatchObject({ state: 'done' });
  await tidied('db6');
});

test('a host that loses its power under the lock, with a snapshot mounted, is free again and loses nothing', async () => {
  await anna().done('snapshot', 'create', 'db3', '--yes');
  const [kept = ''] = await ours('db3');
  await anna().done('snapshot', 'mount', 'db3', kept, '--yes');
  await heldLvcreate('db3');
  const id = await anna().begun('snapshot', 'create', 'db3', '--yes');
  await inLvcreate('db3');
  await drill('fault', 'power-cut', 'db3');
  const job = await ended(anna(), id);
  await drill('heal', 'db3');
  await heal('db3');
  expect(job).toMatchObject({ state: 'cleanup-needed' });
  expect(await anna().done('job', 'show', id)).toMatch(/the snapshot data-vg\/reseed-\S+ on db3: left/);
  expect(await lockOn('db3')).toBe('');
  // What was whole is whole, and what stands unproved goes; the server takes writes.
  await anna().says('clean', 'db3', '--yes=db3');
  expect(await ours('db3')).toEqual([kept]);
  await anna().done('snapshot', 'mount', 'db3', kept, '--yes');
  expect(await printedOn('db3', `ls /run/reseed/mount/${kept}/data`)).toContain('ibdata1');
  await anna().done('snapshot', 'unmount', 'db3', kept, '--yes');
  await anna().done('snapshot', 'remove', 'db3', kept, '--yes=db3');
  await drill('verify', 'db3');
}, 480_000);

describe('a jump host', () => {
  const small = () => join(folder, 'small');
  const smallOperator = () => operator(small());
  const filler = () => join(small(), 'filler');
  const fill = () => runs('sh', ['-c', `cat /dev/zero >'${filler()}' 2>/dev/null; :`]);
  afterEach(async () => {
    await tidied('db6');
    await runs('umount', ['-l', small()]);
  });
  const mounted = async () => {
    await runs('mkdir', ['-p', small()]);
    expect((await runs('mount', ['-t', 'tmpfs', '-o', 'size=1M', 'tmpfs', small()])).exitCode).toBe(0);
  };

  test('whose disk is full does nothing, and says so; what has run is still shown', async () => {
    await mounted();
    await smallOperator().done('snapshot', 'create', 'db6', '--yes');
    const [made = ''] = await ours('db6');
    await fill();
    const refused = await smallOperator().says('snapshot', 'remove', 'db6', made, '--yes=db6');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/^reseed: (nothing was done|the journal of jobs can't be used).*(full|ENOSPC)/m);
    expect(await ours('db6')).toEqual([made]);
    await rm(filler());
    expect(await smallOperator().jobs()).toMatchObject([{ id: 1, state: 'done' }]);
  });

  test('whose disk fills in the middle of a job loses the runner, and not the job', async () => {
    await mounted();
    await heldLvcreate('db6');
    const id = await smallOperator().begun('snapshot', 'create', 'db6', '--yes');
    await inLvcreate('db6');
    await fill();
    await letGo('db6');
    await until(
      async () => (await runs('sh', ['-c', `pgrep -f 'job run ${id}$'`])).exitCode,
      (code) => code !== 0,
    );
    await rm(filler());
    expect(await smallOperator().job(id)).toMatchObject({ state: 'running', abandoned: true });
    await smallOperator().done('job', 'resume', id);
    expect(await ours('db6')).toHaveLength(1);
    expect(await lockOn('db6')).toBe('');
  });

  test('where no log can be written does nothing, says so, and leaves no job waiting', async () => {
    const home = join(folder, 'no-log');
    await operator(home).says('jobs');
    await writeFile(join(home, 'reseed', 'jobs'), 'where the folder of the logs would be');
    const refused = await operator(home).says('snapshot', 'create', 'db6', '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/nothing was done: the job can't be written down: E(EXIST|NOTDIR)/);
    expect(await operator(home).jobs()).toMatchObject([{ state: 'failed', abandoned: false }]);
    expect(await standing('db6')).toEqual(nothing);
  });
});

describe('reseed clean', () => {
  const foreign = ['hand', 'backup-0badcafe', 'reseed-lookalike'];
  beforeAll(async () => {
    await printedOn(
      'db6',
      `lvcreate -qq -y -s -n hand -L 16M vg0/mysql
       lvcreate -qq -y -s -n backup-0badcafe -L 16M --addtag backup --addtag job=0badcafe vg0/mysql
       lvcreate -qq -y -s -n reseed-lookalike -L 16M vg0/mysql
       mkdir -p /mnt/hand && mount -o ro,noload /dev/vg0/hand /mnt/hand
       systemd-run -q --unit=reseed-exporter sleep 1000000`,
    );
  });
  afterAll(async () => {
    const names = foreign.map((name) => `vg0/${name}`).join(' ');
    await printedOn('db6', `umount /mnt/hand; systemctl stop reseed-exporter; lvremove -qq -f ${names}`);
    await tidied('db6');
  });
  const untouched = async () => {
    expect((await volumes('db6')).filter((name) => foreign.includes(name)).toSorted()).toEqual(foreign.toSorted());
    expect(await printedOn('db6', 'findmnt -n -o TARGET /mnt/hand; systemctl is-active reseed-exporter')).toBe(
      '/mnt/hand\nactive',
    );
  };

  test('finds nothing of reseed where others made snapshots, and neither it nor prune nor remove touches them', async () => {
    expect(await anna().done('clean', 'db6', '--snapshots', '--yes=db6')).toContain('nothing of reseed is left on db6');
    expect((await anna().says('snapshot', 'prune', 'db6', '--keep', '0', '--yes=db6')).exitCode).toBe(3);
    const removed = await anna().says('snapshot', 'remove', 'db6', 'backup-0badcafe', '--yes=db6');
    expect(removed.exitCode).toBe(3);
    expect(removed.stderr).toContain('vg0/backup-0badcafe was not made by reseed');
    await untouched();
  });

  test('leaves a job alone that its own journal has open, and says how that ends', async () => {
    await heldLvcreate('db6');
    const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
    await inLvcreate('db6');
    await killRunner(id);
    const refused = await anna().says('clean', 'db6', '--yes=db6');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain(`db6 is locked by job ${id}, which is not over; reseed job abort ${id} ends it`);
    await letGo('db6');
    await anna().done('job', 'abort', id);
    expect((await ours('db6')).filter((name) => name !== 'reseed-lookalike')).toEqual([]);
  });

  test('finds all that was lost with a journal, says it, takes it away when its name is typed, and nothing else', async () => {
    const lost = operator(join(folder, 'lost'));
    await lost.done('snapshot', 'create', 'db6', '--yes');
    const [whole = ''] = (await ours('db6')).filter((name) => !foreign.includes(name));
    await lost.done('snapshot', 'mount', 'db6', whole, '--yes');
    await heldLvcreate('db6');
    const id = await lost.begun('snapshot', 'create', 'db6', '--yes');
    await inLvcreate('db6');
    await killRunner(id);
    await letGo('db6');
    await rm(join(folder, 'lost'), { recursive: true });
    await printedOn(
      'db6',
      `systemd-run -q --unit=reseed-0badcafe-copy --setenv=RESEED_UNIT=0badcafe/copy sleep 1000000
       mkdir /var/lib/mysql/.reseed-0badcafe; touch /var/lib/reseed/snapshots/reseed-0badcafe-gone`,
    );
    await until(
      () => ours('db6'),
      (names) => names.length === 3,
    );
    const plan = await anna().done('clean', 'db6', '--dry-run');
    expect(plan).toMatch(/! the snapshot vg0\/reseed-\S+ of mysql on db6 \(16M, never proved\) is lost for good/);
    expect(plan).toMatch(/! what runs as unit reseed-0badcafe-copy is ended/);
    expect(plan).toMatch(/! db6 is locked by job [0-9a-f]{8} of root@\S+, since .*: if it still works there/);
    expect(plan).toContain(
      `– stays: the snapshot vg0/${whole} of mysql, which is whole: reseed snapshot remove db6 ${whole}`,
    );
    expect(plan).toContain('– stays: /var/lib/mysql/.reseed-0badcafe: data of a seed');
    expect((await anna().says('clean', 'db6', '--yes')).exitCode).toBe(3);
    await anna().done('clean', 'db6', '--yes=db6');
    expect((await ours('db6')).toSorted()).toEqual([whole, 'reseed-lookalike'].toSorted());
    expect(
      await printedOn(
        'db6',
        'cd /run/reseed; ls; findmnt -rn | grep reseed/mount; systemctl is-active reseed-0badcafe-copy reseed-exporter; true',
      ),
    ).toBe('lvm\nmount\ninactive\nactive');
    expect(await printedOn('db6', 'ls /var/lib/reseed/snapshots')).toBe(whole);
    await anna().done('clean', 'db6', '--snapshots', '--yes=db6');
    expect(await ours('db6')).toEqual(['reseed-lookalike']);
    await printedOn('db6', 'rmdir /var/lib/mysql/.reseed-0badcafe');
    await untouched();
  });
});

/** As the kernel does when memory runs out. */
async function killRunner(id: string): Promise<void> {
  const { stdout } = await runs('pgrep', ['-f', `job run ${id}$`]);
  for (const pid of stdout.split('\n')) process.kill(Number(pid), 'SIGKILL');
}
