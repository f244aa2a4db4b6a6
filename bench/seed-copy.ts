// bench/seed-copy.sh, with its figures as numbers.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { toldBy } from './figures.ts';

export async function seedCopy(): Promise<void> {
  const script = execa(join(import.meta.dirname, 'seed-copy.sh'), {
    stdin: 'ignore',
    stderr: 'inherit',
    buffer: false,
  });
  for await (const line of createInterface({ input: script.stdout })) {
    process.stdout.write(`  ${line}\n`);
    toldBy(figuresIn(line));
  }
  await script;
}

/** `seed, 2 streams    5120 ms    437 MB/s    2.1 CPU s/GB`, `to tar | ssh    1.2 x   (goal 0.95)`: a name, then what was measured. */
function figuresIn(line: string) {
  const [, name = '', rest = ''] = /^(.+?) {2,}(.*)$/.exec(line) ?? [];
  const measured = rest.replace(/\(.*\)/, '').matchAll(/([\d.]+) (ms|MB\/s|CPU s\/GB|x|of the whole)\b/g);
  return [...measured].map(([, value, unit = '']) => ({ name, value: Number(value), unit }));
}
