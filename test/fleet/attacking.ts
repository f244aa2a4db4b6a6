// Attackers on practice hosts: a hostile account of a server, a hostile root of a donor, strangers on the network; and
// root's files, which none of them may change.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { on, reseedWords, testEnvironment, until } from './fleet.ts';
import { folder, sampleInventory } from './operators.ts';

/** Of root alone. */
const secret = 'root:$6$secret';
const attack = '/run/attack';
/** The programs of a donor that hostile-donor.sh replaces. */
const donorPrograms = ['ssh', 'ssh-keygen', 'socat', 'ip'];

async function put(host: string, name: string): Promise<void> {
  const text = await readFile(join(import.meta.dirname, name), 'base64');
  await on(
    host,
    `mkdir -p ${attack} && echo ${text.replaceAll('\n', '')} | base64 -d >${attack}/${name} && chmod 755 ${attack} ${attack}/${name}`,
  );
}

/** `targets`: what is done to each, by its name; `route`: as in hostile-donor.sh. */
export async function turnHostile(donor: string, targets: Readonly<Record<string, string>>): Promise<void> {
  await put(donor, 'hostile-donor.sh');
  const marks = Object.entries(targets).map(([word, how]) => `echo ${how} >${attack}/${word}`);
  const swaps = `for name in ${donorPrograms.join(' ')}; do
    path=$(command -v "$name") && cp "$path" ${attack}/real/ && mount --bind ${attack}/hostile-donor.sh "$path" || exit
  done`;
  await on(donor, [`mkdir -p ${attack}/real && touch ${attack}/done`, ...marks, swaps].join('\n'));
}

export const turnHonest = (donor: string) =>
  on(
    donor,
    `for name in ${donorPrograms.join(' ')}; do ! findmnt "$(command -v "$name")" >/dev/null || umount "$(command -v "$name")"; done; rm -rf ${attack}`,
  );
/** What the donor has done, a line each. */
export const doneBy = (donor: string) => on(donor, `cat ${attack}/done`);
/** The donor no longer holds back its first data. */
export const letGo = (donor: string) => on(donor, `touch ${attack}/go`);

/** The action of a process of the server's account in the datadir: see hostile-account.sh. */
export async function attackAs(host: string, datadir: string, how: 'links' | 'link'): Promise<void> {
  await put(host, 'hostile-account.sh');
  const account = 'setpriv --reuid=mysql --regid=mysql --clear-groups --no-new-privs';
  await on(
    host,
    `mkdir -p ${attack}/roots && printf %s '${secret}' >${attack}/roots/secret && chmod 600 ${attack}/roots/secret
     setsid ${account} sh ${attack}/hostile-account.sh ${how} ${datadir} ${attack}/roots >${attack}/said 2>&1 </dev/null &
     echo $! >${attack}/pid`,
  );
}
export const saidBy = (host: string) => on(host, `cat ${attack}/said`);

/** The account stops, and the job's folder has its name again. */
export async function endAttack(host: string, datadir: string): Promise<void> {
  await on(
    host,
    `kill "$(cat ${attack}/pid)" 2>/dev/null
     cd ${datadir} && if [ -d .reseed-gone ]; then
       for put in .reseed-*; do [ "$put" = .reseed-gone ] || name=$put; done
       rm -rf "$name" && mv .reseed-gone "$name"
     fi`,
  );
}

/** Removes what the account put there; an undone seed puts it back with the old data. */
export const tidy = (host: string, datadir: string) =>
  on(
    host,
    `rm -rf ${attack} && cd ${datadir} && rm -rf mysql.service.wants && if [ -L mysqld-auto.cnf ]; then rm mysqld-auto.cnf; fi
     if [ -e mysqld-auto.cnf.backup ]; then mv mysqld-auto.cnf.backup mysqld-auto.cnf; fi`,
  );

/** Removes what the account put there after the swap; an undo keeps it apart, because a DBA may want it. */
export const dropKept = (host: string, datadir: string) => on(host, `cd ${datadir} && rm -rf .kept-by-reseed-*`);

/**
 * Root's files on a host outside of the datadir: names, types, modes, owners, links, contents. Of what reseed makes
 * there, only the block of a server's start is left out. Throws if a part could not be read.
 */
export async function ofRoot(host: string): Promise<string> {
  const seen = await on(
    host,
    `set -e; cd /; list=$(mktemp); all=
     for path in root etc/systemd etc/cron.d etc/passwd etc/shadow run/attack/roots; do
       if [ -e "$path" ]; then all="$all $path"; else echo "no $path"; fi
     done
     not="! -path etc/systemd/system/mysql.service.d/zzzz-reseed-*.conf"
     set -f
     find $all $not -printf '%p %y %m %u:%g %l\\n' >"$list"; sort "$list"
     find $all -type f $not -print0 >"$list"; sort -z "$list" >"$list.sorted"; xargs -0 cksum <"$list.sorted"
     rm "$list" "$list.sorted"`,
  );
  for (const there of [/^root d /m, /^etc\/systemd\/system d /m, /^etc\/shadow f /m, /^\d+ \d+ etc\/shadow$/m]) {
    if (!there.test(seen)) throw new Error(`what is root's on ${host} was not looked at: no ${there} in ${seen}`);
  }
  return seen;
}

/**
 * What the account can read of root's secret below the datadir. Throws if it found not even a file of its own with the
 * same content.
 */
export const readByAccount = (host: string, datadir: string) =>
  on(
    host,
    `as='setpriv --reuid=mysql --regid=mysql --clear-groups' own=${datadir}/.of-the-account
     printf %s '${secret}' | $as sh -c 'cat >"$0"' "$own" || exit
     found=$($as grep -rlsF -- '${secret}' ${datadir})
     rm -f "$own"
     printf '%s\\n' "$found" | grep -qxF "$own" || { echo "the account saw nothing" >&2; exit 1; }
     printf '%s\\n' "$found" | awk -v own="$own" '$0 != own'`,
  );

/** Opens silent connections to a listener from the jump host; returns when all are open. */
export async function besiege(address: string, port: string, count: number) {
  const [node, script] = reseedWords;
  const own = join(import.meta.dirname, 'strangers.ts');
  const child = spawn(node, [script, 'drill', 'exec', '--', node, own, address, port, String(count)], {
    env: testEnvironment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const last = () => said.trim().split('\n').at(-1) ?? '';
  const standing = () => Number(last().split(' ')[0] ?? 0);
  await until(
    async () => standing(),
    (now) => now >= count,
  );
  return {
    standing,
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** An inventory like the sample's, in which data goes to `host` over TLS. */
export async function withTlsTo(host: string): Promise<string> {
  const file = join(folder, 'attacks.yaml');
  await writeFile(file, sampleInventory.replace(new RegExp(`^ {2}${host}:.*$`, 'm'), '$&\n    seed: { channel: tls }'));
  return file;
}
