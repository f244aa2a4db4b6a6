// take-snapshot.sh itself, with substitutes of LVM and of the client: which snapshots are refused.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { customWords } from '../../src/scripts/custom-words.ts';
import { namedWords } from '../../src/scripts/named-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { snapshotWords } from '../../src/scripts/snapshot-words.ts';
import { type Alone, openAlone } from '../alone.ts';

let folder: string;
let alone: Alone;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-take-'));
  alone = await openAlone();
  await copyFile('/bin/sleep', join(folder, 'mysqld'));
  await program('lvs', 'case "$*" in *lv_kernel_major*) echo "$RESEED_DEVICE" ;; esac');
  await program('lvcreate', 'echo "a snapshot was made $*" >&2; [ -n "$RESEED_PROVES" ]');
  await program('lvchange', '');
  // A client with a session: it reports RESEED_DATADIR and RESEED_THREAD as those of its server.
  await program(
    'mysql',
    `{ while read -r line; do case $line in
  *'AS thread'*) printf 'datadir: %s\\npid_file: none.pid\\nthread: %s\\n' "$RESEED_DATADIR" "$RESEED_THREAD" ;;
  *'AS busy'*)
    case $line in
      *'INFO IS NOT NULL'*) printf 'busy: 0\\nlongest: NULL\\n' ;;
      # The appliers of a source that was silent for 42 s.
      *) printf 'busy: 1\\nlongest: 42\\n' ;;
    esac ;;
  *Innodb_redo_log_enabled*) printf 'Variable_name: Innodb_redo_log_enabled\\nValue: %s\\n' "$RESEED_REDO" ;;
  SOURCE*) printf '  Source_Host: %s\\n' "$RESEED_SOURCE" ;;
  *"'version', VERSION()"*)
    if [ -n "$RESEED_SILENT" ]; then continue; fi
    printf "version\\t9.7.4\\nlog_bin\\tON\\nbinlog_format\\t%s\\nCom_create_table\\t%s\\nThreads_connected\\t%s\\ndumps\\t2\\nend\\t1\\n" "$RESEED_FORMAT" "$RESEED_MADE" "$RESEED_CONNECTED"
    printf 'origin_binlog_format\\tGLOBAL\\nsessions_%s\\t5\\n' "\${RESEED_KEPT:-$RESEED_FORMAT}"
    if [ -n "$RESEED_OPEN" ]; then printf 'open\\t%s\\n' "$RESEED_OPEN"; fi ;;
  *_open_temp_tables*) printf 'Variable_name: Slave_open_temp_tables\\nValue: %s\\n' "$RESEED_TEMPORARY" ;;
  *reseed_mark*) echo 'reseed_mark: said' ;;
esac; done; } | sed -u 's,^ *\\([A-Za-z_]*\\): \\(.*\\)$,\\t<field name="\\1">\\2</field>,'`,
  );
});
afterAll(async () => {
  await alone.end();
  await rm(folder, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
  await chmod(join(folder, name), 0o755);
}

/** A datadir with a process of a server in it: its pid. */
async function server(name: string): Promise<{ datadir: string; pid: number }> {
  const datadir = join(folder, name);
  await mkdir(datadir);
  return { datadir, pid: await alone.start(join(folder, 'mysqld'), ['1000'], datadir) };
}

async function deviceOf(path: string): Promise<string> {
  const { dev } = await stat(path);
  return `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
}

async function take(environment: Record<string, string>, arguments_: readonly string[] = []) {
  const { SESSIONS = 'tell', DATADIR = '', COMMAND, LVM = folder } = environment;
  const words = namedWords({
    job: 'f0f0f0f0',
    group: 'vg',
    volume: 'data',
    name: 'reseed-f0f0f0f0-1',
    size: 1_048_576,
    datadir: DATADIR,
    defaults_file: '',
    socket: '',
    patience: 30,
    lock: 'LOCK',
    flush: 'FLUSH',
    written: '',
    holder: 'SELECT x AS thread',
    coordinates: 'COORDINATES',
    source: 'SOURCE',
    unlock: 'UNLOCK',
    sessions: SESSIONS,
    ...(COMMAND === undefined && { form: '', seconds: '', look: [], argument: [] }),
  });
  const command =
    COMMAND === undefined ? [] : customWords({ line: undefined, words: [COMMAND, ...arguments_], seconds: 2 });
  const own = Object.entries(environment).map(([name, value]) => [`RESEED_${name}`, value]);
  const env = {
    RESEED_REDO: 'ON',
    RESEED_SOURCE: '',
    RESEED_TEMPORARY: '0',
    RESEED_FORMAT: 'ROW',
    RESEED_MADE: '5',
    RESEED_OPEN: '',
    RESEED_SILENT: '',
    RESEED_PROVES: '',
    RESEED_CONNECTED: '7',
    ...Object.fromEntries(own),
    PATH: `${LVM}:${folder}:${process.env.PATH}`,
  };
  return alone.run('sh', ['-c', await scriptText('take-snapshot'), 'take-snapshot', ...words, ...command], { env });
}

test('of two servers on a host, the one that would be locked has its data on another volume: no snapshot is taken', async () => {
  const { datadir, pid } = await server('b');
  const { exitCode, stderr } = await take({ DATADIR: datadir, THREAD: String(pid), DEVICE: '253:77' });
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('does not lie on vg/data')]);
});

test('the session is with a server that is no process of that datadir: no snapshot is taken', async () => {
  const { datadir } = await server('c');
  const other = await server('d');
  const DEVICE = await deviceOf(datadir);
  const { exitCode, stderr } = await take({ DATADIR: datadir, THREAD: String(other.pid), DEVICE });
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('mysql.defaultsFile and mysql.socket')]);
});

test('the server that holds the lock works on the volume: it is snapshotted', async () => {
  const { datadir, pid } = await server('e');
  const DEVICE = await deviceOf(datadir);
  const { stderr } = await take({ DATADIR: datadir, THREAD: String(pid), DEVICE });
  expect(stderr).toContain('a snapshot was made');
});

test('a replica with PRIVILEGE_CHECKS_USER whose appliers wait as that account is snapshotted: they are no statements', async () => {
  const { datadir, pid } = await server('waits');
  const { stderr } = await take({ DATADIR: datadir, THREAD: String(pid), DEVICE: await deviceOf(datadir) });
  expect(stderr).not.toContain('run for longer than');
  expect(stderr).toContain('a snapshot was made');
});

test('a server whose redo log is switched off (ALTER INSTANCE DISABLE INNODB REDO_LOG): no snapshot is taken', async () => {
  const { datadir, pid } = await server('f');
  const DEVICE = await deviceOf(datadir);
  const { exitCode, stderr } = await take({ DATADIR: datadir, THREAD: String(pid), DEVICE, REDO: 'OFF' });
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('ALTER INSTANCE ENABLE INNODB REDO_LOG')]);
  expect(stderr).not.toContain('a snapshot was made');
});

test('a donor whose applier has an open temporary table gave its target wrong rows: no snapshot is taken', async () => {
  const { datadir, pid } = await server('g');
  const DEVICE = await deviceOf(datadir);
  const taken = (more: Record<string, string>) => take({ DATADIR: datadir, THREAD: String(pid), DEVICE, ...more });
  const { exitCode, stderr } = await taken({ SOURCE: '10.0.0.1', TEMPORARY: '2' });
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('has open: 2 (Slave_open_temp_tables)')]);
  expect(stderr).not.toContain('a snapshot was made');
  expect((await taken({ SOURCE: '10.0.0.1', TEMPORARY: '' })).stderr).toContain('has open: unknown');
  expect((await taken({ SOURCE: '10.0.0.1' })).stderr).toContain('a snapshot was made');
  // It replicates from no host: there is no applier.
  expect((await taken({ TEMPORARY: '2' })).stderr).toContain('a snapshot was made');
});

describe('a donor whose sessions had temporary tables open, in a log of statements, gave its target wrong rows', () => {
  let known: Record<string, string>;
  beforeAll(async () => {
    const { datadir, pid } = await server('h');
    known = { DATADIR: datadir, THREAD: String(pid), DEVICE: await deviceOf(datadir), FORMAT: 'STATEMENT' };
  });
  const taken = (more: Record<string, string>) => take({ ...known, ...more });

  test('of open ones no snapshot is taken, whatever the plan said', async () => {
    for (const SESSIONS of ['none', 'known']) {
      const { exitCode, stderr } = await taken({ OPEN: '2', SESSIONS });
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('sessions have 2 temporary tables open')]);
      expect(stderr).not.toContain('a snapshot was made');
    }
  });

  test('of ones that may be open none is taken, unless the plan said so: the snapshot is marked', async () => {
    const refused = await taken({ SESSIONS: 'never' });
    expect([refused.exitCode, refused.stderr]).toEqual([
      3,
      expect.stringContaining('binlog_format=STATEMENT; sessions: 3'),
    ]);
    const { stderr } = await taken({ SESSIONS: 'known' });
    expect(stderr).toMatch(/a snapshot was made.*--addtag reseed-temp-tables=unknown/);
  });

  test('a snapshot that is no part of a seed is taken, and marked', async () => {
    expect((await taken({ OPEN: '2' })).stderr).toMatch(/a snapshot was made.*--addtag reseed-temp-tables=open/);
  });

  test('none was ever made, or none is logged: it is taken, with a mark that says it was asked', async () => {
    for (const more of [{ MADE: '0' }, { FORMAT: 'ROW', OPEN: '2' }, { FORMAT: 'MIXED', OPEN: '2' }]) {
      const { stderr } = await taken({ SESSIONS: 'none', ...more });
      expect(stderr).toMatch(/a snapshot was made.*--addtag reseed-temp-tables=none/);
    }
  });

  test('what the plan could not know did not cost the seed: of sessions that may have some it is taken, of open ones it is not', async () => {
    const untold = { SESSIONS: 'none', FORMAT: 'ROW', CONNECTED: '9' };
    const refused = await taken({ ...untold, OPEN: '2' });
    expect([refused.exitCode, refused.stderr]).toEqual([
      3,
      expect.stringContaining('2 temporary tables are open of sessions that did not tell their format'),
    ]);
    expect(refused.stderr).not.toContain('set binlog_format');
    const told = 'session_tables binlog_format=ROW, of sessions STATEMENT; sessions: 5';
    for (const [more, says] of [
      [{ SESSIONS: 'known', OPEN: '2' }, []],
      [{ KEPT: 'STATEMENT', CONNECTED: '7' }, [told]],
    ] as const) {
      const { exitCode, stdout, stderr } = await taken({ ...untold, ...more, PROVES: 'yes' });
      expect(stderr).toMatch(/a snapshot was made.*--addtag reseed-temp-tables=unknown/);
      expect([exitCode, stdout.split('\n').filter((line) => line.startsWith('session_tables'))]).toEqual([0, says]);
      await alone.run('rm', ['/var/lib/reseed/snapshots/reseed-f0f0f0f0-1']);
    }
  });

  test('a server that did not tell in time under the lock made the seed fail, as though tables had been made since the plan', async () => {
    for (const SESSIONS of ['never', 'none']) {
      const { stderr } = await taken({ SESSIONS, SILENT: 'yes' });
      expect(stderr).toMatch(/a snapshot was made.*--addtag reseed-temp-tables=unknown/);
    }
  });

  test('a session that began before binlog_format was set to ROW has some open: none is taken', async () => {
    const { exitCode, stderr } = await taken({ SESSIONS: 'none', FORMAT: 'ROW', OPEN: '2', KEPT: 'STATEMENT' });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('binlog_format=ROW, of sessions STATEMENT')]);
  });
});

describe('commands.createSnapshot, which prints nothing', () => {
  /** Substitutes of LVM that have their volumes in a file: `UUID|NAME|TIME|ORIGIN|TAGS`. */
  async function withVolumes(name: string, command: string) {
    const { datadir, pid } = await server(name);
    const base = join(folder, `lvm-${name}`);
    await mkdir(base);
    const volumes = join(base, 'volumes');
    await writeFile(volumes, `old|nightly|${Math.floor(Date.now() / 1000)}|data|\nu0|data|1||\n`);
    const add = (line: string) => `echo "${line}" >>${volumes}`;
    const tool = (tool: string, body: string) => writeFile(join(base, tool), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    await tool(
      'lvs',
      `case "$*" in *lv_kernel_major*) echo "$RESEED_DEVICE" ;;
*lv_uuid,lv_name,lv_time,origin*) cut -d '|' -f 1-4 ${volumes} ;;
*'lv_uuid,lv_name '*) cut -d '|' -f 1,2 ${volumes} ;;
*lv_name,lv_tags*/*) name=\${*##*/}; awk -F '|' -v name="$name" '$2 == name { print $2 "|" $5 }' ${volumes} ;;
*lv_name,lv_tags*) awk -F '|' '{ print $2 "|" $5 }' ${volumes} ;;
*lv_name,lv_uuid,origin,lv_tags*) awk -F '|' '{ print $2 "|" $1 "|" $4 "|" $5 }' ${volumes} ;; esac`,
    );
    await tool('lvcreate', 'echo "reseed made one itself" >&2; exit 1');
    await tool(
      'lvremove',
      `uuid=\${*##*lv_uuid=}; awk -F '|' -v uuid="\${uuid%% *}" '$1 != uuid' ${volumes} >${base}/left; mv ${base}/left ${volumes}`,
    );
    await tool(
      'lvchange',
      `name=\${*##*/}; tags=; while [ $# -gt 0 ]; do if [ "$1" = --addtag ]; then tags="$tags,$2"; fi; shift; done
awk -F '|' -v OFS='|' -v name="$name" -v tags="$tags" '$2 == name { $5 = $5 tags } { print }' ${volumes} >${base}/left; mv ${base}/left ${volumes}`,
    );
    await writeFile(
      join(base, 'create-snapshot'),
      `#!/bin/sh\nnow=$(date +%s)\n${command.replaceAll('ADD', `>>${volumes} echo`)}\n`,
      {
        mode: 0o755,
      },
    );
    const job = { DATADIR: datadir, THREAD: String(pid), DEVICE: await deviceOf(datadir), LVM: base };
    const names = async () => (await readFile(volumes, 'utf8')).split('\n').flatMap((line) => line.split('|')[1] ?? []);
    return {
      base,
      volumes,
      add,
      names,
      taken: (words: readonly string[] = []) => take({ ...job, COMMAND: join(base, 'create-snapshot') }, words),
    };
  }
  const kept = '/var/lib/reseed/snapshots';
  afterEach(async () => {
    for (const name of await readdir(kept)) if (/^(orc-snap|reseed-f0f0f0f0-1)/.test(name)) await rm(join(kept, name));
  });

  test('is proved by the snapshot that is new in LVM: it keeps its name, and has the coordinates of the lock', async () => {
    const { taken, volumes } = await withVolumes('own', 'ADD "u7|orc-snap-28|$now|data|"');
    const { exitCode, stdout, stderr } = await taken();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^locked_ms \d+\nmade_by_command vg\/orc-snap-28\n/);
    expect(await readFile(volumes, 'utf8')).toMatch(
      /^u7\|orc-snap-28\|\d+\|data\|,reseed,reseed-job=f0f0f0f0,reseed-as=reseed-f0f0f0f0-1,reseed-temp-tables=none,reseed-proved$/m,
    );
    expect(await readFile(join(kept, 'orc-snap-28'), 'utf8')).toBe(`${stdout}\n`);
    // A runner that died after it says the same again.
    expect((await taken()).stdout).toBe(stdout);
  });

  test('that made nothing has failed, although it ended with 0', async () => {
    const { taken, names } = await withVolumes('nothing', 'echo all is well');
    const { exitCode, stderr } = await taken();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('LVM has no new snapshot of vg/data: all is well')]);
    expect(await names()).toEqual(['nightly', 'data']);
  });

  test('that made one of another volume, or named an old one anew, has failed', async () => {
    const { taken, names } = await withVolumes('other', 'ADD "u8|other|$now|logs|"; ADD "u9|renamed|1|data|"');
    expect((await taken()).stderr).toContain('LVM has no new snapshot of vg/data');
    expect(await names()).toEqual(['nightly', 'data', 'other', 'renamed']);
  });

  test('that failed while a nightly job made a snapshot: that one is left, and named; the job of the operator removed it', async () => {
    const { taken, names } = await withVolumes('fails', 'ADD "u7|nightly-3|$now|data|"; echo "no room: x" >&2; exit 4');
    const { exitCode, stderr } = await taken();
    expect([exitCode, stderr]).toEqual([
      1,
      `commands.createSnapshot ended with 4: no room: x
commands.createSnapshot failed, and whether it made vg/nightly-3 is not known
vg/nightly-3 is left: if it is the command's, lvremove it by hand`,
    ]);
    expect(await names()).toEqual(['nightly', 'data', 'nightly-3']);
  });

  test("that made none while another program made one with tags of its own: that one is not taken for the command's", async () => {
    const { taken, names, volumes } = await withVolumes('tagged', 'ADD "u7|nightly-4|$now|data|nightly"');
    expect((await taken()).stderr).toContain('vg/nightly-4 has tags or is mounted');
    expect(await names()).toEqual(['nightly', 'data', 'nightly-4']);
    expect(await readFile(volumes, 'utf8')).not.toContain('reseed');
  });

  test('that is told its name ({snapshot}) is proved by that name, whatever else appears; a failed one is undone', async () => {
    const made = 'ADD "u8|nightly-5|$now|data|"; ADD "u7|$1|$now|data|mine"';
    const { taken, names } = await withVolumes('told', made);
    expect(await taken(['reseed-f0f0f0f0-1'])).toMatchObject({ exitCode: 0 });
    expect(await names()).toEqual(['nightly', 'data', 'nightly-5', 'reseed-f0f0f0f0-1']);
    const failing = await withVolumes('told-fails', `${made}; exit 1`);
    expect(await failing.taken(['reseed-f0f0f0f0-1'])).toMatchObject({ exitCode: 1 });
    expect(await failing.names()).toEqual(['nightly', 'data', 'nightly-5']);
  });

  test('while which another program made one too: which is meant is not known, and both are left', async () => {
    const { taken, names } = await withVolumes('two', 'ADD "u7|orc-snap-4|$now|data|"; ADD "u8|nightly-2|$now|data|"');
    expect((await taken()).stderr).toContain(
      'which one it made is not known: orc-snap-4 nightly-2. All of them are left',
    );
    expect(await names()).toEqual(['nightly', 'data', 'orc-snap-4', 'nightly-2']);
  });

  test('that hangs is ended after its deadline, and writes go on', async () => {
    const { taken } = await withVolumes('hangs', 'sleep 1000');
    expect((await taken()).stderr).toBe('commands.createSnapshot did not end within 2 s, and was ended');
  });

  test('that leaves a process running: it is ended with the command', async () => {
    const { base, taken } = await withVolumes(
      'leaves',
      'sleep 1000 & echo $! >"$(dirname "$0")/pid"; ADD "u7|orc-snap-29|$now|data|"',
    );
    expect((await taken()).exitCode).toBe(0);
    const left = (await readFile(join(base, 'pid'), 'utf8')).trim();
    await vi.waitFor(() => expect(existsSync(`/proc/${left}`)).toBe(false), 10_000);
  });

  test('that was cut off after it made one: the undo removes that one', async () => {
    const { base, volumes, names } = await withVolumes('undo', ':');
    const now = Math.floor(Date.now() / 1000);
    const notes = `${kept}/reseed-f0f0f0f0-1`;
    await mkdir(kept, { recursive: true });
    await writeFile(`${notes}.code`, '0\n');
    await writeFile(`${notes}.before`, `${now - 60}|\nold|nightly|${now}|data\n`);
    await writeFile(volumes, `old|nightly|${now}|data|\nu7|orc-snap-5|${now}|data|\n`);
    await writeFile(`${notes}.after`, `old|nightly|${now}|data\nu7|orc-snap-5|${now}|data\n`);
    const words = snapshotWords(
      'remove',
      { group: 'vg', volume: 'reseed-f0f0f0f0-1', uuid: '', origin: 'data' },
      { job: 'f0f0f0f0' },
    );
    const env = { PATH: `${base}:${process.env.PATH}` };
    const { exitCode, stderr } = await alone.run('sh', ['-c', await scriptText('snapshot'), 'snapshot', ...words], {
      env,
    });
    expect([exitCode, stderr, await names()]).toEqual([0, '', ['nightly']]);
  });
});
