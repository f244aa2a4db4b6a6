// Commands of the inventory that are to take the place of what reseed itself does. Every other one is a command for `reseed run`. The names
// are verbs of reseed, and those of orchestrator-agent without their `MySQL` and `Command`.

interface StepCommand {
  /** What it takes the place of; what it is asked for; or when it is run. */
  readonly insteadOf: string;
  /** The verb that needs it: refused on a host that has such a command, while reseed does not run it. Absent: no verb. */
  readonly verb?: string;
  /** What an operator types for what its name says: `reseed start HOST`. */
  readonly typed: string;
  /** This reseed runs it. */
  readonly isRun?: true;
  /** It only answers, and is asked with the state of its host: it is told what does not change there. */
  readonly answers?: true;
  /** reseed has no step of its own there: it is run besides. */
  readonly isAdded?: true;
  /** What the operator still has to decide, where it comes from another program's configuration. */
  readonly toDecide?: string;
  /** Its placeholders, besides the facts of its host (placeholders.ts). */
  readonly placeholders?: readonly string[];
}

const snapshotCreate = 'reseed snapshot create HOST';
const seed = 'reseed seed DONOR HOST';
const status = 'reseed status HOST';
const ofVerb = (verb: string, typed: string): StepCommand => ({
  insteadOf: `what reseed does for ${verb}`,
  typed,
  verb,
});
const ofService = (verb: string): StepCommand => ({
  insteadOf: `what reseed does for ${verb}`,
  typed: `reseed ${verb} HOST`,
  isRun: true,
});

const stepCommands: Readonly<Record<string, StepCommand>> = {
  start: ofService('start'),
  stop: ofService('stop'),
  restart: ofService('restart'),
  snapshot: ofVerb('snapshot', snapshotCreate),
  seed: ofVerb('seed', seed),
  clean: ofVerb('clean', 'reseed clean HOST'),
  status: { insteadOf: 'whether the server runs, beside what reseed sees', typed: status, isRun: true, answers: true },
  createSnapshot: {
    insteadOf: 'lvcreate, while reseed blocks writes',
    typed: snapshotCreate,
    isRun: true,
    placeholders: ['snapshot'],
  },
  localSnapshotHosts: {
    insteadOf: 'the hosts of its datacenter with snapshots, beside those that reseed sees (reseed snapshot hosts)',
    typed: 'reseed snapshot hosts',
    isRun: true,
    answers: true,
  },
  snapshotHosts: {
    insteadOf: 'the hosts with snapshots, beside those that reseed sees (reseed snapshot hosts)',
    typed: 'reseed snapshot hosts',
    isRun: true,
    answers: true,
  },
  datadir: {
    insteadOf: 'the datadir where reseed does not find it, and to compare it with what the server says',
    typed: status,
    isRun: true,
    answers: true,
  },
  port: {
    insteadOf: "the server's port where reseed does not find it, and to compare it with what the server says",
    typed: status,
    isRun: true,
    answers: true,
  },
  deleteDatadir: {
    insteadOf: 'the deletion of old data before a copy, where there is no room for both (--clear)',
    typed: `${seed} --clear`,
    isRun: true,
    placeholders: ['directory'],
  },
  receive: {
    insteadOf: "the target's side of the copy, with --method custom",
    typed: `${seed} --method custom`,
    isRun: true,
    toDecide:
      'it opens a port that takes data from any host, unencrypted: if you agree, write it as { run: ..., insecure: true }',
    placeholders: ['directory', 'port'],
  },
  send: {
    insteadOf: "the donor's side of the copy, with --method custom",
    typed: `${seed} --method custom`,
    isRun: true,
    placeholders: ['directory', 'targetHost', 'port'],
  },
  afterCopy: {
    insteadOf: 'after the copy and before the start of the server',
    isAdded: true,
    typed: seed,
    isRun: true,
    placeholders: ['directory'],
  },
};

/** Their names. */
export const stepNames: readonly string[] = Object.keys(stepCommands);

/** Whether this reseed runs it. */
export const isStepRun = (name: string): boolean => stepCommandOf(name)?.isRun === true;

/** undefined: the command is no step's. */
export const stepCommandOf = (name: string): StepCommand | undefined =>
  Object.hasOwn(stepCommands, name) ? stepCommands[name] : undefined;

/** `run instead of the donor's side of the copy`, `asked for the datadir`, `run after the copy`: the end of a sentence about it. */
export function purposeOf({
  insteadOf,
  ...is
}: Pick<StepCommand, 'insteadOf' | 'answers' | 'isAdded' | 'isRun'>): string {
  if (!is.isRun) return `for ${insteadOf}`;
  if (is.answers) return `asked for ${insteadOf}`;
  return is.isAdded ? `run ${insteadOf}` : `run instead of ${insteadOf}`;
}
