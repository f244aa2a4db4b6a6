// A job with hooks, on this machine: its hosts are this machine too.
import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Hooked, withHooks } from '../../src/hooks/plan.ts';
import type { FileLook } from '../../src/host/file-looks.ts';
import type { HookSettings } from '../../src/inventory/settings.ts';
import type { Journal } from '../../src/job/journal/journal.ts';
import type { Plan, PlannedStep } from '../../src/job/plan/plan.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';
import { addJob } from './adding.ts';

const who = { account: 'ops', jumpHost: 'jump1' };

/** A job whose one step is of the stage `stop`. */
export const stopping = (middle: 'passes' | 'fails' | 'waits'): Plan => {
  const step: PlannedStep = {
    name: 'stop',
    title: 'stop it',
    host: 'db3',
    work: middle,
    stage: 'stop',
    input: {},
    commands: {},
  };
  return { kind: 'stop', title: 'stop db3', hosts: ['db3'], destroys: [], steps: [step] };
};

export interface Hooking {
  readonly folder: string;
  readonly journal: Journal;
}

export function hookedPlan(
  { folder }: Pick<Hooking, 'folder'>,
  hooks: Readonly<Record<string, HookSettings>>,
  plan: Plan,
  key: string,
  programs: Readonly<Record<string, FileLook>> = {},
): Hooked {
  const { host, report: answered } = hostNamed(pictureOf('up'), 'db3');
  // As the probe tells them, of a file of whatever kind.
  const looks = Object.entries(programs).flatMap(([path, look]) =>
    ['program', 'script', 'file'].map((as) => [`program ${as} ${path}`, look] as const),
  );
  const report = { ...answered, commands: { ok: true, value: { programs: Object.fromEntries(looks) } } } as const;
  const target = { name: 'db3', host: 'localhost', transport: 'local', sudo: false } as const;
  return withHooks({
    plan,
    sides: [{ host: { ...host, hooks }, report, role: 'host' }],
    reach: (name) => ({ host: { ...host, name }, target }),
    key,
    who,
    mark: (number) => join(folder, `${key}.hook-${number}`),
  });
}

/** Records it; its number, and the word that marks what it makes. `programs`: what the plan knows of those on the host. */
export function addHooked(
  hooking: Hooking,
  hooks: Readonly<Record<string, HookSettings>>,
  plan = stopping('passes'),
  programs: Readonly<Record<string, FileLook>> = {},
) {
  const key = `test-${randomBytes(4).toString('hex')}`;
  const hooked = hookedPlan(hooking, hooks, plan, key, programs);
  if (!hooked.ok) throw new Error(hooked.message);
  return { id: addJob(hooking.journal, { plan: hooked.plan, targets: [], who, key }).id, key };
}

/** A program of the operator's; its path. */
export async function program({ folder }: Pick<Hooking, 'folder'>, text: string, name = 'hook'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

/** Kills itself at the place of that number, if it has one. */
export const runner = ({ folder }: Pick<Hooking, 'folder'>, id: number, place = -1) =>
  execa(process.execPath, ['--import', 'tsx', 'test/job/runner-process.ts', folder, String(id), String(place)], {
    reject: false,
  });
