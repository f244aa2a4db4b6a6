// Runs a command for a key or the palette. Read-only is enforced here and nowhere else, so that no screen can forget
// it.
import { type Available, type Command, type Context, type ScreenName, worksOn } from './list.ts';

/** Does a command's work. Returns a message for the operator: what happened, or why nothing did. */
export type Handler = () => string | undefined;

export type Dispatched =
  | { readonly done: true; readonly said?: string }
  /** `why` names the command's key and the reason. */
  | { readonly done: false; readonly why: string };

/** Runs `handler`, unless the command can't be used now. */
export function dispatch(command: Command, context: Context, handler: Handler | undefined): Dispatched {
  const available = usable(command, context);
  if (available !== true) return refused(command, available);
  if (!handler) return refused(command, 'there is nothing for it here');
  const said = handler();
  return { done: true, ...(said !== undefined && { said }) };
}

/** True, or why the command can't be used now; the footer and the help then dim it. */
export function usable(command: Command, context: Context): Available {
  if (!worksOn(command, context.screen)) return `works on ${placesOf(command)} only`;
  if (context.replay && isOfFleet(command)) return 'this is a replay: no host is asked, and nothing is changed';
  if (command.changes && context.readOnly) return 'this console is read-only';
  if (command.changes && context.host?.readOnly) return `${context.host.name} is read-only in the inventory`;
  return command.available(context);
}

/** Whether it needs the fleet itself, and no picture of it. */
export const isOfFleet = ({ changes, live }: Command): boolean => changes || live === true;

const screenTitles: Readonly<Record<ScreenName, string>> = {
  fleet: 'the fleet',
  host: 'a host',
  seed: 'a seed',
  snapshots: 'the snapshots',
  jobs: 'the jobs',
  job: 'a job',
  schedules: 'the schedules',
};

function placesOf({ where }: Command): string {
  return where === 'everywhere' ? 'every screen' : where.map((screen) => screenTitles[screen]).join(' and ');
}

const refused = ({ keys, name }: Command, why: string): Dispatched => ({
  done: false,
  why: `${keys[0] ?? name}: ${why}`,
});
