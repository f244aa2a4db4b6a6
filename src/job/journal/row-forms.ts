// The forms of the journal's columns in JSON: those of the types in record.ts, plan.ts, frozen.ts and lease.ts.
import { z } from 'zod';

const words = z.array(z.string());
const command = z.looseObject({
  host: z.string(),
  script: z.string(),
  args: words,
  deadlineMs: z.number(),
  program: z.looseObject({ script: z.string(), args: words }).optional(),
});
const commands = z.record(z.string(), command);
const step = z
  .looseObject({
    name: z.string(),
    title: z.string(),
    host: z.string(),
    lane: z.string().optional(),
    volatile: z.literal(true).optional(),
    work: z.string(),
    stage: z.string().optional(),
    input: z.record(z.string(), z.unknown()),
    commands,
    targetCommands: z.record(z.string(), commands).optional(),
    scripts: words.optional(),
    acquires: z
      .looseObject({
        what: z.string(),
        release: z.string(),
        whenDone: z.enum(['release', 'keep', 'over']),
        isOwed: z.boolean().optional(),
      })
      .optional(),
  })
  .refine(({ acquires, commands: own }) => !acquires || Object.hasOwn(own, acquires.release), {
    error: 'no command that releases what the step makes',
  });

const processId = z.looseObject({ pid: z.number(), startTicks: z.string(), place: z.string() });
const progress = z.looseObject({
  text: z.string(),
  doneBytes: z.number().optional(),
  totalBytes: z.number().optional(),
  lagSeconds: z.number().optional(),
  streams: z.array(z.number().nullable()).optional(),
  sentBytes: z.number().optional(),
  limit: z.number().optional(),
  stalledMs: z.number().optional(),
  try: z.looseObject({ number: z.number(), of: z.number() }).optional(),
  lastError: z.string().optional(),
  away: z
    .array(
      z.looseObject({
        host: z.string(),
        sinceMs: z.number(),
        tries: z.number(),
        givenUpAfterMs: z.number().optional(),
        why: z.string(),
      }),
    )
    .optional(),
  beside: z.string().optional(),
});

export const forms = {
  plan: z.looseObject({
    kind: z.string(),
    title: z.string(),
    hosts: words,
    steps: z.array(step),
    destroys: words,
    onFailure: z.array(step).optional(),
    onSuccess: z.array(step).optional(),
  }),
  frozen: z.looseObject({ format: z.number(), build: z.string(), scripts: z.record(z.string(), z.string()) }),
  targets: z.array(z.looseObject({ name: z.string(), host: z.string(), transport: z.string(), sudo: z.boolean() })),
  who: z.looseObject({
    account: z.string(),
    jumpHost: z.string(),
    sudoUser: z.string().optional(),
    from: z.string().optional(),
    schedule: z.string().optional(),
    rule: z.string().optional(),
  }),
  runner: processId,
  holder: z.looseObject({
    key: z.string(),
    machine: z.looseObject({ name: z.string(), id: z.string().optional() }),
    process: processId.optional(),
    lock: z.string().optional(),
  }),
  /** Each kind of step reads its result by its own schema. */
  result: z.unknown(),
  lost: z.record(z.string(), z.string()),
  progress: progress.extend({ lanes: z.record(z.string(), progress).optional() }),
  args: words,
} as const;
