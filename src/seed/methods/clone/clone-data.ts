// Clones the donor to the new data of one target: by a unit there, which outlives a runner.
import { z } from 'zod';
import { lockHost } from '../../../job/lock-step.ts';
import type { Commands } from '../../../job/plan/plan.ts';
import { defineStep, type FailedStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { abortWords } from '../../../job/runner/abort.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { unitCommands } from '../../../job/unit/unit-commands.ts';
import { linesOf, pollUnit, untilEnded } from '../../../job/unit/watch-unit.ts';
import type { UnitReport } from '../../../remote/unit.ts';
import { cloneWords, limitCloneWords, openCloneWords } from '../../../scripts/seed-clone-words.ts';
import { limitIn } from '../../../scripts/seed-way-words.ts';
import { standsSchema } from '../../../snapshot/coordinates.ts';
import { limitText, shortSize } from '../../../text/amounts.ts';
import { command } from '../../place.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { sameGtid } from '../../replica/gtid-set.ts';
import { replicaAddress } from '../../replica/source/replica-address.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { lastingOptions } from '../lasting-options.ts';
import { applierCommand, askApplier, noteUnasked } from './ask-applier.ts';
import { hasPlugin } from './checks.ts';
import { onDonor } from './donor-command.ts';
import { rateOf, slowestBytesPerSecond } from './limit.ts';
import { openDonor } from './open-donor.ts';
import { copyText, readCloned, readTold } from './told.ts';
import { betweenTriesMs, isBreak, maxTries, wordsOf } from './tries.ts';

const lookEveryMs = 500;
const mostStreams = 4;

const input = z.strictObject({ donor: z.string(), hasGtid: z.boolean() });
type Tools = StepTools<z.infer<typeof input>>;
const result = standsSchema.extend({ bytes: z.number() });

interface Cloning {
  readonly request: SeedRequest;
  readonly target: Side;
}

export const cloneData = defineStep({
  kind: 'clone-data',
  stage: 'copy',
  input,
  result,
  plan: ({ request, target }: Cloning) => {
    const { donor, job } = request;
    const [from, to] = [donor.host.name, target.host.name];
    const { start, poll, end } = unitCommands({
      ...{ host: to, job, role: 'clone', background: true, script: 'seed-clone' },
      args: cloneWordsOf(request, target),
    });
    return {
      name: `clone ${to}`,
      title: `CLONE ${from} → ${to}, by a server of the job beside that of ${to}; a power cut of either side begins it anew (${maxTries} tries)`,
      host: to,
      lane: to,
      input: { donor: from, hasGtid: hasGtid(donor) },
      commands: {
        ...{ start, poll, end },
        open: onDonor(request, 'open'),
        pass: command(to, 'seed-clone', openCloneWords(job)),
        ...applierCommand(request),
        ...locksOf(request, target),
        limit: command(to, 'seed-clone', limitCloneWords(job, rateOf(request) * slowestBytesPerSecond)),
      },
      acquires: {
        what: `the server that takes the clone on ${to} (unit reseed-${job}-clone)`,
        release: 'end',
        whenDone: 'release',
      },
    };
  },
  run: clone,
});

function locksOf({ donor, job, who }: SeedRequest, target: Side): Commands {
  const [ofDonor, own] = [donor, target].map(
    ({ host, facts }) => lockHost.plan({ host: host.name, datadir: facts.datadir, job, who }).commands.take,
  );
  return { ...(ofDonor && { 'lock donor': ofDonor }), ...(own && { lock: own }) };
}

function cloneWordsOf(request: SeedRequest, { facts }: Side): string[] {
  const { donor, job, compression, streams } = request;
  const { cpus } = donor.facts;
  return cloneWords({
    datadir: facts.datadir,
    job,
    owner: facts.owner ?? 'mysql:mysql',
    ...donorAddress(request),
    rate: rateOf(request),
    compress: compression === 'zstd',
    streams: streams ?? Math.max(1, Math.min(mostStreams, cpus, facts.cpus)),
    gtid: hasGtid(donor),
    keepsPlugin: hasPlugin(donor),
    program: facts.programPath,
    options: lastingOptions(donor.facts),
  });
}

/** As its replicas reach it; a proxy at another port may hand on no clone. */
function donorAddress({ donor, others }: SeedRequest): { readonly host: string; readonly port: number } {
  const port = Number(donor.facts.variables.port ?? 3306);
  const known = replicaAddress(donor, others);
  return { host: known?.port === port ? known.host : donor.host.ssh.host, port };
}

async function clone(tools: Tools): Promise<StepEnd<z.infer<typeof result>>> {
  let wasCopying = false;
  for (let tried = 1; ; tried++) {
    const begun = await begin(tools);
    if ('ok' in begun) return begun;
    const onCopy = () => {
      wasCopying = true;
    };
    const report = await watched(tools, begun, onCopy);
    if (!report.ok) return report;
    const { state } = report;
    if (state.kind === 'ended' && state.code === 0) return endOf(tools, report);
    const words = wordsOf(report);
    if (tried === maxTries || !isBreak(report, wasCopying)) {
      return failed(`${tools.input.donor} was not cloned to ${tools.step.host}: ${words}`, adviceFor(words));
    }
    tools.note(`try ${tried + 1} of ${maxTries}: ${words}`);
    tools.progress({ text: 'it is begun anew', try: { number: tried + 1, of: maxTries }, lastError: words });
    await tools.pause(betweenTriesMs);
    if (tools.signal.aborted) return failed(abortWords);
  }
}

/** `wasOver`: the unit had ended well before; else it runs. */
type Begun = { readonly wasOver: boolean };

async function begin({ run, note, step, wordsNow }: Tools): Promise<FailedStep | Begun> {
  // A restart of a host has removed its lock.
  for (const key of ['lock donor', 'lock']) {
    const locked = step.commands[key] ? await run(key) : undefined;
    if (locked?.ok === false) return notDone(locked);
  }
  const found = await pollUnit({ run }, 'poll');
  // What a power cut, or an earlier try, has left of it begins anew.
  for (const key of found && !isGoing(found) ? (['end', 'start'] as const) : (['start'] as const)) {
    const answer = await run(key);
    if (!answer.ok) return notDone(answer);
  }
  const begun = { wasOver: found?.state.kind === 'ended' && isGoing(found) };
  // A plan of an earlier build has no such command.
  if (!step.commands.limit) return begun;
  // The operator may have changed it since the plan.
  const limited = await run('limit', { asChanged: true });
  if (!limited.ok) return notDone(limited);
  const limit = limitIn(wordsNow('limit'));
  if (limit > 0) note(`at most ${limitText(limit)}`);
  return begun;
}

function endOf({ input, note }: Tools, report: UnitReport): StepEnd<z.infer<typeof result>> {
  const cloned = readCloned(linesOf(report), input.hasGtid);
  if (!cloned) return failed('what seed-clone.sh said was not understood', 'see the log of the job');
  const { stands, bytes, ownGtid } = cloned;
  if (stands.gtid !== undefined && (stands.gtid === '' || !sameGtid(stands.gtid, ownGtid))) {
    return failed(
      `where the clone stands is not known: clone_status has ${stands.gtid || 'no GTID'}, its own tables ${ownGtid || 'none'}`,
      'seed again, or by another method',
    );
  }
  const at = stands.gtid ?? `${stands.logFile}:${stands.logPosition}`;
  note(`${shortSize(bytes)} came over the network; the data stands at ${at}`);
  return { ok: true, result: { ...stands, bytes } };
}

const isGoing = ({ state }: UnitReport) =>
  state.kind === 'running' || state.kind === 'absent' || (state.kind === 'ended' && state.code === 0);

/** Until the unit has ended. It waits for the donor's account meanwhile, whose password it has chosen. */
async function watched(tools: Tools, { wasOver }: Begun, onCopy: () => void): Promise<UnitReport | FailedStep> {
  let hash: string | undefined;
  let opened: string | undefined;
  let trouble: FailedStep | undefined;
  let isCloned = false;
  let isApplierAsked = false;
  const ask = async () => {
    isApplierAsked = true;
    trouble ??= await askApplier(tools);
  };
  const report = await untilEnded(tools, {
    key: 'poll',
    everyMs: lookEveryMs,
    beforeLook: async () => {
      if (isCloned && !isApplierAsked) await ask();
      if (hash === undefined || hash === opened || trouble) return;
      trouble = await openDonor(tools, hash);
      opened = hash;
    },
    onReport: ({ state, progress }) => {
      const told = readTold(progress);
      if (told.kind === 'copy' && told.doneBytes > 0) onCopy();
      if (state.kind !== 'running') return;
      isCloned = progress === 'proving';
      if (told.kind === 'hash') hash = told.hash;
      if (told.kind === 'copy') {
        const { doneBytes, totalBytes } = told;
        tools.progress({ text: copyText(told), ...(totalBytes > 0 && { doneBytes, totalBytes }) });
      } else {
        tools.progress({ text: told.kind === 'hash' ? `opening the account on ${tools.input.donor}` : told.text });
      }
    },
    silent: `${tools.step.host} has not answered`,
    advice: 'resume the job when it is back',
  });
  if (!isApplierAsked && report.ok && report.state.kind === 'ended' && report.state.code === 0) {
    // A runner may resume hours later: what its donor says then is not of the end of the clone.
    if (wasOver) noteUnasked(tools);
    else await ask();
  }
  return trouble ?? report;
}

function adviceFor(words: string): string {
  if (/concurrent clone/i.test(words)) return 'another clone of the donor runs: seed again when it has ended';
  if (/ERROR 2003|Can't connect/i.test(words))
    return 'let the target reach the server of the donor (bind_address, firewall)';
  return 'see the log of the job';
}
