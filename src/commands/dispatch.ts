// Runs a command for a key or the palette. Read-only is enforced here and nowhere else, so that no screen can forget
// it.
import { type Available, type Command, type Context, type ScreenName, worksOn } from './list.ts';

/** What a command acts on. */
export interface Subjects {
  /** The thing under the cursor; or of the marked ones those that are shown, and that the command can be used on. Never empty. */
  readonly on: readonly Context[];
  /** Marked things that are left as they are, each with the reason. */
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

/** Does a command's work. Returns a message for the operator: what happened, or why nothing did. */
export type Handler = (subjects: Subjects) => string | undefined;

export type Dispatched =
  | { readonly done: true; readonly said?: string }
  /** `why` names the command's key and the reason. */
  | { readonly done: false; readonly why: string };

/** Runs `handler`, unless the command can't be used now. */
export function dispatch(command: Command, context: Context, handler: Handler | undefined): Dispatched {
  const available = usable(command, context);
  if (available !== true) return refused(command, available);
  if (!handler) return refused(command, 'there is nothing for it here');
  const said = handler(subjectsOf(command, context));
  return { done: true, ...(said !== undefined && { said }) };
}

/** True, or why the command can't be used now; the footer and the help then dim it. Of marked things one that it can be used on is enough. */
export function usable(command: Command, context: Context): Available {
  if (!worksOn(command, context.screen)) return `works on ${placesOf(command)} only`;
  if (context.replay && isOfFleet(command)) return 'this is a replay: no host is asked, and nothing is changed';
  const { marked } = context;
  if (!marked) return usableOn(command, context);
  if (command.several) {
    const whys = marked.shown.map((one) => usableOn(command, one));
    if (whys.includes(true)) return true;
    return whys[0] ?? `what is marked is not shown: ${marked.hidden.join(', ')}`;
  }
  const count = marked.shown.length + marked.hidden.length;
  return command.changes
    ? `it is for one at a time, and ${count} ${count === 1 ? 'is' : 'are'} marked: esc takes the marks away`
    : usableOn(command, context);
}

function usableOn(command: Command, context: Context): Available {
  if (command.changes && context.readOnly) return 'this console is read-only';
  if (command.changes && context.host?.readOnly) return `${context.host.name} is read-only in the inventory`;
  return command.available(context);
}

/** Whether it needs the fleet itself, and no picture of it. */
export const isOfFleet = ({ changes, live }: Command): boolean => changes || live === true;

function subjectsOf(command: Command, context: Context): Subjects {
  const { marked } = context;
  if (!marked || !command.several) return { on: [context], left: [] };
  const each = marked.shown.map((one) => ({ one, can: usableOn(command, one) }));
  return {
    on: each.flatMap(({ one, can }) => (can === true ? [one] : [])),
    left: [
      ...each.flatMap(({ one, can }) => (can === true ? [] : [{ name: one.row?.name ?? '', why: can }])),
      ...marked.hidden.map((name) => ({ name, why: 'marked, and not shown' })),
    ],
  };
}

const screenTitles: Readonly<Record<ScreenName, string>> = {
  fleet: 'the fleet',
  host: 'a host',
  processes: 'the sessions of a host',
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
