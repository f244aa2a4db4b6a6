// The hooks of a host, with what the inventory leaves out. Pure.
import type { HookPlace, HookPoint, HookSettings, Host } from '../inventory/settings.ts';

const defaultDeadlineMs = 60_000;

export interface NamedHook extends HookSettings {
  readonly name: string;
  readonly on: HookPlace;
  readonly deadlineMs: number;
  readonly refuses: boolean;
  readonly again: boolean;
}

/** In the order of the inventory. */
export const hooksOf = ({ hooks }: Pick<Host, 'hooks'>): NamedHook[] =>
  Object.entries(hooks).map(([name, hook]) => ({
    name,
    ...hook,
    on: hook.on ?? 'jump',
    deadlineMs: hook.deadlineMs ?? defaultDeadlineMs,
    refuses: hook.refuses ?? false,
    again: hook.again ?? false,
  }));

export const hooksAt = (host: Pick<Host, 'hooks'>, point: HookPoint): NamedHook[] =>
  hooksOf(host).filter(({ at }) => at.includes(point));
