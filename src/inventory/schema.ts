// Which settings there are and how each is written. One schema serves defaults, clusters and hosts. Each part is
// checked by itself, so that a mistake in the defaults is reported once, at its place, and not once a host.
import * as z from 'zod';
import { jumpHostName, storeAddress, tlsOrAuthority } from './history-values.ts';
import { localPath } from './paths.ts';
import {
  type Allowance,
  type CommandSettings,
  type Environment,
  environmentColours,
  type HookSettings,
  hookPoints,
  type KeepRule,
  notifyEvents,
  type RuleAllowance,
  receiverKinds,
  scheduleActs,
  seedChannels,
  seedMethods,
  transports,
} from './settings.ts';
import {
  anyText,
  bandwidth,
  columnOfTable,
  freeSpace,
  hookPlace,
  hoursOfDay,
  lengthOfAge,
  lengthOfRest,
  lengthOfTime,
  lengthOfWatch,
  logicalVolume,
  mailAddress,
  oneOf,
  partOfAll,
  portNumber,
  portRange,
  promFile,
  type Reading,
  remotePath,
  ruleCause,
  serviceName,
  snapshotSize,
  someText,
  sshHost,
  sshUser,
  timezone,
  variableName,
  wholeNumber,
  yesOrNo,
} from './values.ts';

/** A single setting, which may be absent; the issue's params say what to write. */
function leaf<T>(reading: Reading<T>) {
  return z.exactOptional(required(reading));
}

function required<T>(reading: Reading<T>) {
  return z.unknown().transform((value, context): T => {
    const read = typeof value === 'string' ? reading(value) : { instead: 'write one value here, not a map or a list' };
    if ('value' in read) return read.value;
    context.addIssue({ code: 'custom', params: { instead: read.instead } });
    return z.NEVER;
  });
}

/** One value, or a list of values in an order. */
function oneOrMore<T extends string | number>(reading: Reading<T>) {
  return z.exactOptional(someOf(reading));
}

function someOf<T extends string | number>(reading: Reading<T>) {
  return z.unknown().transform((value, context): readonly T[] => {
    const isList = Array.isArray(value);
    const items: readonly unknown[] = isList ? value : [value];
    if (items.length === 0) {
      context.addIssue({ code: 'custom', params: { instead: 'write at least one, or leave the key out' } });
    }
    return items.flatMap((item, at) => {
      const read = itemOf(item, items.slice(0, at), reading);
      if ('value' in read) return [read.value];
      context.addIssue({ code: 'custom', path: isList ? [at] : [], params: { instead: read.instead } });
      return [];
    });
  });
}

function itemOf<T extends string | number>(
  item: unknown,
  before: readonly unknown[],
  reading: Reading<T>,
): ReturnType<Reading<T>> {
  if (typeof item !== 'string') return { instead: 'write one value here, or a list of values' };
  return before.includes(item) ? { instead: 'write each once: it is in the list already' } : reading(item);
}

/** A map with fixed keys. check.ts reports other keys, from the tree. */
function section<T extends z.ZodRawShape>(shape: T) {
  return z.exactOptional(z.object(shape));
}

/** A command line, or a program with its arguments. */
const run = z.unknown().transform((value, context): CommandSettings['run'] => {
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (Array.isArray(value)) {
    const [program, ...rest] = value.filter((word): word is string => typeof word === 'string' && word !== '');
    if (program !== undefined && rest.length === value.length - 1) return [program, ...rest];
  }
  const instead = 'write [PROGRAM, ARGUMENT...], each a text that is not empty, or a command line for sh';
  context.addIssue({ code: 'custom', params: { instead } });
  return z.NEVER;
});

const count = leaf(wholeNumber(0, 10_000));

// `keep: 3` is short for `keep: { last: 3 }`.
const keep = z.exactOptional(
  z.preprocess(
    (value) => (typeof value === 'string' ? { last: value } : value),
    z
      .object({ last: count, hourly: count, daily: count, weekly: count, monthly: count } satisfies Record<
        keyof KeepRule,
        unknown
      >)
      .refine((rule) => Object.keys(rule).length > 0, {
        params: { instead: `write how many, or a map as in { hourly: 24, daily: 7, weekly: 4 }` },
      }),
  ),
);

// `restart: systemctl restart mysql` is short for `restart: { run: systemctl restart mysql }`. That there is a `run` is checked when all parts
// of a host are known (commands.ts).
const command = z.preprocess(
  (value) => (typeof value === 'string' || Array.isArray(value) ? { run: value } : value),
  z.object({
    run: z.exactOptional(run),
    help: leaf(someText),
    dangerous: leaf(yesOrNo),
    insecure: leaf(yesOrNo),
    deadline: leaf(lengthOfTime),
  }),
);

/** A program with its arguments. */
const program = z.unknown().transform((value, context): HookSettings['run'] => {
  const words = Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
  const [first, ...rest] = words;
  // A path may have blanks in it. What is no path may be a secret, and is not repeated.
  const isLine = /\s-|:\/\/|^[^/].*\s/.test(first ?? '');
  if (first?.startsWith('/') && !isLine && Array.isArray(value) && words.length === value.length)
    return [first, ...rest];
  const instead = isLine
    ? 'write each word by itself, as in [/usr/local/bin/page, --urgent]: the first is the path of the program alone'
    : first !== undefined && !first.startsWith('/')
      ? `write the whole path of ${first}, from /: no PATH is searched`
      : 'write [/PATH/OF/PROGRAM, ARGUMENT...]: the whole path, and a list, since no shell reads it';
  context.addIssue({ code: 'custom', params: { instead } });
  return z.NEVER;
});

const hook = z.object({
  at: oneOrMore(oneOf(hookPoints)),
  run: z.exactOptional(program),
  on: leaf(hookPlace),
  deadline: leaf(lengthOfTime),
  refuses: leaf(yesOrNo),
  again: leaf(yesOrNo),
});

/** The settings of `defaults`, a cluster or a host. Paths of this machine are expanded against `environment`. */
function settingsShape(environment: Environment) {
  return {
    datacenter: leaf(someText),
    ssh: section({
      host: leaf(sshHost),
      port: leaf(portNumber),
      user: leaf(sshUser),
      identity: leaf(localPath(environment)),
      knownHosts: leaf(localPath(environment)),
      // references.ts checks that the jump exists, when all hosts are known.
      jump: leaf(someText),
      transport: leaf(oneOf(transports)),
    }),
    sudo: leaf(yesOrNo),
    mysql: section({
      service: leaf(serviceName),
      defaultsFile: leaf(remotePath),
      socket: leaf(remotePath),
      errorLog: leaf(remotePath),
    }),
    snapshot: section({
      volume: leaf(logicalVolume),
      size: leaf(snapshotSize),
      filter: leaf(someText),
      mountRoot: leaf(remotePath),
      keep,
      free: leaf(freeSpace),
      least: leaf(wholeNumber(1, 10_000)),
      maxQuerySeconds: leaf(wholeNumber(0, 86_400)),
    }),
    seed: section({
      method: oneOrMore(oneOf(seedMethods)),
      channel: leaf(oneOf(seedChannels)),
      ports: leaf(portRange),
      bandwidth: leaf(bandwidth),
      maxLagSeconds: leaf(wholeNumber(0, 31_536_000)),
    }),
    proof: section({
      newest: oneOrMore(columnOfTable),
      maxLagSeconds: leaf(wholeNumber(0, 31_536_000)),
      maxLoad: leaf(wholeNumber(1, 1_000_000)),
    }),
    commands: z.exactOptional(z.record(z.string(), command)),
    hooks: z.exactOptional(z.record(z.string(), hook)),
    labels: z.exactOptional(z.record(z.string(), required(anyText))),
    readOnly: leaf(yesOrNo),
    environment: leaf(someText),
  };
}

export function layerSchema(environment: Environment) {
  return z.object(settingsShape(environment));
}

/** A host's settings: the common ones, and its cluster. */
export function hostSchema(environment: Environment) {
  return z.object({ cluster: leaf(someText), ...settingsShape(environment) });
}

/** The file itself; its parts are checked one by one. */
export const fileSchema = (environment: Environment) =>
  z.object({
    fleet: leaf(someText),
    readOnly: leaf(yesOrNo),
    defaults: z.exactOptional(z.unknown()),
    clusters: z.exactOptional(z.unknown()),
    environments: z.exactOptional(z.unknown()),
    hosts: z.exactOptional(z.unknown()),
    schedules: z.exactOptional(z.unknown()),
    notify: z.exactOptional(z.unknown()),
    heartbeat: z.exactOptional(z.unknown()),
    rules: z.exactOptional(z.unknown()),
    history: z.exactOptional(z.unknown()),
    watch: section({ every: leaf(lengthOfWatch) }),
    metrics: section({ textfile: leaf(promFile(localPath(environment))) }),
    scheduleLimits: section({ jobs: leaf(wholeNumber(1, 1000)), perDatacenter: leaf(wholeNumber(1, 1000)) }),
  });

export const environmentSchema = z.object({
  colour: leaf(oneOf(environmentColours)),
  confirm: leaf(yesOrNo),
  readOnly: leaf(yesOrNo),
});

/** One schedule. Which keys go with which `do`, and the hosts that it names, schedules.ts checks. */
export function scheduleSchema(environment: Environment) {
  return z.object({
    cron: required(someText),
    timezone: leaf(timezone),
    do: required(oneOf(scheduleActs)),
    hosts: someOf(someText),
    startWithin: leaf(lengthOfTime),
    allow: section({
      'replace-data': oneOrMore(someText),
      losses: oneOrMore(someText),
      replicas: oneOrMore(someText),
      'remove-snapshots': oneOrMore(someText),
      'dangerous-command': oneOrMore(someText),
    } satisfies Record<Allowance, unknown>),
    on: leaf(someText),
    check: leaf(partOfAll),
    within: leaf(lengthOfTime),
    keep,
    youngerThan: leaf(lengthOfAge),
    command: leaf(someText),
    donor: leaf(someText),
    method: leaf(oneOf(seedMethods)),
    ends: leaf(oneOf(['standalone', 'set'])),
    writable: leaf(yesOrNo),
    events: leaf(yesOrNo),
    account: leaf(localPath(environment)),
    clear: leaf(yesOrNo),
    bandwidth: leaf(bandwidth),
  });
}

const secretUrl = (environment: Environment) => ({
  urlFile: leaf(localPath(environment)),
  urlVariable: leaf(variableName),
});

/** One receiver. Which keys go with which `to`, and the hosts that it names, notify.ts checks. */
export function receiverSchema(environment: Environment) {
  return z.object({
    to: required(oneOf(receiverKinds)),
    on: oneOrMore(oneOf(notifyEvents)),
    hosts: oneOrMore(someText),
    clusters: oneOrMore(someText),
    labels: z.exactOptional(z.record(z.string(), required(anyText))),
    again: leaf(lengthOfTime),
    ...secretUrl(environment),
    recipients: oneOrMore(mailAddress),
    from: leaf(mailAddress),
    sendmail: leaf(localPath(environment)),
    run: z.exactOptional(program),
  });
}

export type ReceiverSettings = z.output<ReturnType<typeof receiverSchema>>;

/** One rule. */
export const ruleSchema = z.object({
  when: someOf(ruleCause),
  for: leaf(lengthOfTime),
  hosts: oneOrMore(someText),
  clusters: oneOrMore(someText),
  labels: z.exactOptional(z.record(z.string(), required(anyText))),
  method: leaf(oneOf(seedMethods)),
  auto: leaf(yesOrNo),
  between: leaf(hoursOfDay),
  timezone: leaf(timezone),
  allow: section({ 'replace-data': oneOrMore(someText), losses: oneOrMore(someText) } satisfies Record<
    RuleAllowance,
    unknown
  >),
  maxBroken: leaf(wholeNumber(1, 1000)),
  minGood: leaf(wholeNumber(1, 1000)),
  again: leaf(lengthOfRest),
});
export type RuleSettings = z.output<typeof ruleSchema>;

export const heartbeatSchema = (environment: Environment) => z.object(secretUrl(environment));

/** `history: mysql://db1/reseed` is short for `history: { store: mysql://db1/reseed }`. */
export function historySchema(environment: Environment) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? { store: value } : value),
    z.object({
      store: required(storeAddress),
      socket: leaf(localPath(environment)),
      account: leaf(localPath(environment)),
      tls: leaf(tlsOrAuthority(environment)),
      key: leaf(localPath(environment)),
      owner: leaf(jumpHostName),
    }),
  );
}

export type ScheduleSettings = z.output<ReturnType<typeof scheduleSchema>>;

export type Settings = z.output<ReturnType<typeof layerSchema>>;

/** The keys that `schema` knows at `path`. */
export function keysAt(schema: z.ZodType, path: readonly string[]): readonly string[] | 'any' {
  let at = unwrapped(schema);
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrapped(at.shape[key]);
    else if (at instanceof z.ZodRecord) at = unwrapped(at.valueType);
    else return 'any';
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : 'any';
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodExactOptional) return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? schema.out : schema;
}
