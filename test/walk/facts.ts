// The state of a host, by ordinary commands: a walk does not trust reseed's own parsers.
/** Sorted lines, such as `snapshot reseed-9f3a4c21-… reseed,reseed-job=9f3a4c21`, `server up`, `lock 9f3a4c21`. */
export type Facts = readonly string[];

const script = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LVM_SUPPRESS_FD_WARNINGS=1; export PATH LVM_SUPPRESS_FD_WARNINGS
for lock in /run/reseed/lock /run/reseed/lock-*; do [ ! -s "$lock" ] || echo "lock $(head -n 1 "$lock")"; done
for path in /run/reseed/*; do
  case $path in */lock | */lock-* | */lvm | */mount | *'*') ;; *) echo "run $path" ;; esac
done
findmnt -rn -o TARGET | sed -n 's,^/run/reseed,mount &,p'
lvs --noheadings --separator ' ' -o lv_name,lv_suspended,lv_tags | sed 's/^ */volume /'
ls /var/lib/reseed/snapshots 2>/dev/null | sed 's/^/coordinates /'
if pgrep -x mysqld >/dev/null || pgrep -x mariadbd >/dev/null; then echo 'server up'; else echo 'server down'; fi
pgrep -f -- '--skip-reconnec[t]' >/dev/null && echo 'session open'
pgrep -f '/usr/sbin/lvcreat[e]|reseed_progra[m]=x' >/dev/null && echo 'lvcreate running'
exit 0`;

export async function factsOf(run: (script: string) => Promise<string>): Promise<Facts> {
  const lines = (await run(script)).split('\n').map((line) => line.trimEnd());
  return lines.filter((line) => line !== '').toSorted();
}
