// Commands of the inventory on real hosts, by their own command line.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onHost, printedOn, reseed, reseedWords, testState } from './fleet.ts';
import { inventoryText } from './inventory.ts';
import { usesHosts } from './uses.ts';

usesHosts('db6');

async function inside(...words: string[]) {
  const path = join(testState, 'commands.yaml');
  const commands = `  commands:
    fill: { run: [sh, -c, 'echo "$@"; yes | head -c 200000000; echo; echo the end; exit 7', sh, "{host}", "--unit={service}"] }
    sleeper: { run: "sleep 123456", deadline: 3 s }
`;
  await writeFile(path, (await inventoryText('db6')).replace(/^defaults:\n/m, `defaults:\n${commands}`));
  return reseed(['drill', 'exec', '--', ...reseedWords, ...words, '--inventory', path]);
}

describe('a command of the inventory', () => {
  test('that prints 200 MB and fails is told with its arguments and its last line, and leaves nothing there', async () => {
    const { stdout, exitCode } = await inside('run', 'db6', 'fill', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('| db6 --unit=mysql\n');
    expect(stdout).toContain('more was printed, and is left out');
    expect(stdout).toMatch(/fill ended with 7 on db6: the end;/);
    // A lock between scripts, and an empty folder, are what any job leaves.
    expect(await printedOn('db6', 'ls /run/reseed | grep -vx -e lvm -e mount || true')).toBe('');
  });

  test('that does not end in time is ended there', async () => {
    const { stdout } = await inside('run', 'db6', 'sleeper', '--yes');
    expect(stdout).toContain('sleeper did not end within 3 s on db6, and was ended');
    expect((await onHost('db6', "pgrep -fx 'sleep 123456'")).exitCode).toBe(1);
  });
});
