// What check finds on this machine: programs of hooks that can not be run here, and lines of commands that no shell reads. Both are else told in the
// night of the job.
import { execa } from 'execa';
import { lookHere } from '../../hooks/program.ts';
import { whyIn } from '../../host/file-looks.ts';
import type { Host } from '../../inventory/settings.ts';
import { cleanLine } from '../../text/clean.ts';

export interface OwnTrouble {
  /** `hook drain: /opt/x` */
  readonly what: string;
  readonly why: string;
}

export async function ownTroubles(hosts: readonly Pick<Host, 'hooks' | 'commands'>[]): Promise<readonly OwnTrouble[]> {
  const found = [...hosts.flatMap(hookTroubles), ...(await Promise.all(hosts.map(lineTroubles))).flat()];
  return [...new Map(found.map((one) => [`${one.what}: ${one.why}`, one])).values()];
}

const hookTroubles = ({ hooks }: Pick<Host, 'hooks'>): readonly OwnTrouble[] =>
  Object.entries(hooks)
    .filter(([, { on }]) => on === undefined)
    .flatMap(([name, { run }]) =>
      lookHere(run).flatMap(({ path, look }) => {
        const why = whyIn(look);
        return why === undefined ? [] : [{ what: `hook ${name}: ${path}`, why }];
      }),
    );

async function lineTroubles({ commands }: Pick<Host, 'commands'>): Promise<readonly OwnTrouble[]> {
  const troubles = await Promise.all(
    Object.entries(commands).map(async ([name, { run }]) => {
      const why = typeof run === 'string' ? await misread(run) : undefined;
      return why === undefined ? [] : [{ what: `commands.${name}`, why }];
    }),
  );
  return troubles.flat();
}

/** Hosts run it by bash; this machine may have none. */
async function misread(line: string): Promise<string | undefined> {
  const options = { reject: false, stdin: 'ignore', extendEnv: false, env: { PATH: process.env.PATH ?? '' } } as const;
  const { exitCode, stderr } = await execa('bash', ['-n', '-c', line], options);
  if (exitCode === undefined || exitCode === 0) return undefined;
  return `no shell reads it: ${cleanLine(stderr.split('\n')[0] ?? '').replace(/^bash: -c: /, '')}`;
}
