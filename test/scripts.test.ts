// Rules for every script that runs on hosts.
import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { type ScriptName, scriptText } from '../src/scripts/script.ts';

const folder = new URL('../src/scripts/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));

// Without -P a shell follows the path that it remembers: an account could rename a folder on it, put a link there, and
// so lead root elsewhere.
test.each(scripts)('%s goes into no folder by the path that its shell remembers', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8').replaceAll(/^\s*#.*$/gm, '');
  const others = [...text.matchAll(/(?:^|[\s;(&|{])cd(?=[\s;)]).*/gm)].map(([line]) => line.trim());
  expect(others.filter((line) => !/cd (-P |\/( |$))/.test(line))).toEqual([]);
});

// If the clock is set meanwhile, a wait would end at once, or never. Only a file's time, or a line of the journal, may
// be compared with the clock.
const clocks = [
  'probe.sh: say restarts "$(date +%s)',
  "probe.sh: section clock date '+%s.%N %z'",
  'follow-log.sh: say zone "$(date +%z)"',
  // Compared with the times of files.
  `seed-facts.sh: { looking find "$datadir" -ignore_readdir_race -xdev -printf '%y %s %n %i %T@ %p\\0'; looked; } 2>/dev/null | lines | NOW=$(date +%s) awk '`,
  // LVM's own time of a snapshot is one of the clock.
  'own-snapshot.sh: { echo "$(($(date +%s) - 60))|$wanted" && snapshots_of "$group"; } >"$notes.part" || return',
  // The moment of a proof, for people.
  'proof.sh: echo "at $(date +%s)"',
];
test('no script measures by the clock how long something takes: /proc/uptime tells that', () => {
  const found = scripts.flatMap((name) => {
    const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
    return lines
      .filter((line) => /\bdate (?:\+|'\+%s)|EPOCHSECONDS|\bSECONDS=/.test(line))
      .map((line) => `${name}: ${line.trim()}`);
  });
  expect(found.toSorted()).toEqual(clocks.toSorted());
});

// A plan may be of another build, whose scripts had other verbs: an exit code of 0 would mean that it was done.
const verbs = scripts.filter((name) => /^case \$verb in$/m.test(readFileSync(new URL(name, folder), 'utf8')));
test.each(verbs)('%s told a verb that it does not know says so, and does not end as if it were done', async (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  expect(text.slice(text.indexOf('\ncase $verb in\n'))).toMatch(/\n {2}\*\) (unknown_verb|refuse) /);
  const script = await scriptText(name.replace(/\.sh$/, '') as ScriptName);
  const args = ['-c', script, name, 'no-such-verb', ...Array<string>(8).fill('/nowhere')];
  const { exitCode, stderr } = await execa('sh', args, { reject: false, input: '', timeout: 60_000 });
  expect(exitCode).not.toBe(0);
  expect(stderr).not.toBe('');
});
test('every script with verbs is asked', () => expect(verbs.length).toBeGreaterThan(14));
