// The time from the start of the program to its first frame on a terminal, with hosts that do not answer: an operator
// waits for this.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuMs } from './cpu.ts';
import { figure, median, spread, tell } from './figures.ts';
import { type Published, withPublished } from './published.ts';
import { onScreen } from './screen.ts';

const rounds = 15;

export async function firstFrame(): Promise<void> {
  await withPublished(async (published) => {
    const programs = {
      'bare Node': { words: ['-e', 'process.stdout.write("hello");setInterval(()=>0,1000)'], sign: 'hello' },
      'Ink hello world, bundled the same way': {
        words: [await published.bundled(join(import.meta.dirname, 'hello.tsx'))],
        sign: 'hello',
      },
      'reseed, 6 hosts': await console(published, 6),
      'reseed, 500 hosts': await console(published, 500),
    };
    const samples = new Map(Object.keys(programs).map((name) => [name, { ms: [] as number[], cpu: [] as number[] }]));
    // The programs run in turns, so that a busy moment of the machine affects all of them.
    for (let round = 0; round < rounds; round++) {
      for (const [name, { words, sign }] of Object.entries(programs)) {
        const screen = onScreen(words, { folder: published.folder });
        samples.get(name)?.ms.push(await screen.shown(sign));
        samples.get(name)?.cpu.push(cpuMs(screen.pid));
        await screen.end();
      }
    }
    const hello = samples.get('Ink hello world, bundled the same way');
    for (const [name, { ms, cpu }] of samples) {
      tell(
        name,
        figure(median(ms), `ms (${spread(ms)})`),
        figure(median(ms) / median(hello?.ms ?? []), 'x hello', 2),
        figure(median(cpu), 'ms of CPU'),
        figure(median(cpu) / median(hello?.cpu ?? []), 'x', 2),
      );
    }
    tell('goal', '160 ms', '1.25 x hello (128 ms)');
  });
}

/** The console on hosts of a network that leads nowhere (RFC 5737). */
async function console({ folder, bin }: Published, hosts: number) {
  const inventory = join(folder, `hosts-${hosts}.yaml`);
  const lines = Array.from({ length: hosts }, (_, n) => `  db${n + 1}: { ssh: { host: 192.0.2.${(n % 250) + 1} } }\n`);
  await writeFile(inventory, `fleet: bench\nhosts:\n${lines.join('')}`);
  return { words: [bin, '--inventory', inventory], sign: 'db1' };
}
