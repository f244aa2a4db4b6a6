// A start that a seed blocks, by its file beside the unit (drop-ins.sh): systemd names the file alone, which no operator knows. Pure.
import type { FailedStep } from '../job/plan/step-work.ts';

/** `zzzz-reseed-JOB.conf`, and `-still` for a donor whose files are read; names without zzzz- are of earlier builds. */
const block = /ConditionPathExists=!\S*\/(?:zzzz-)?reseed-([0-9a-z]+)(-still)?\.conf/;

/** `journalLines`: of that start. undefined: no seed blocks it. */
export function blockedStart(journalLines: readonly string[], host: string): FailedStep | undefined {
  const [, key, still] =
    journalLines.map((line) => block.exec(line) ?? []).find(([found]) => found !== undefined) ?? [];
  if (key === undefined) return undefined;
  const wait = `wait for that seed, or abort it (reseed jobs)`;
  return still === undefined
    ? {
        ok: false,
        message: `a seed (marked ${key}) blocks this start: the data of ${host} is not complete`,
        advice: `${wait}; if it has ended already, seed ${host} again`,
      }
    : {
        ok: false,
        message: `a seed (marked ${key}) blocks this start: it reads the files of ${host}`,
        advice: `${wait}; if it has ended already: reseed clean ${host}`,
      };
}
