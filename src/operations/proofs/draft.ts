// A proof of restore made into a job that can be shown and agreed to. Nothing has happened on any host yet.
import type { HostReport, LogicalVolume } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import { datadirSnapshots, marksOf } from '../../host/storage/snapshots.ts';
import { readOnlyRefusal, refusal } from '../../job/plan/refusal.ts';
import { scratchChecks } from '../../proofs/on-scratch.ts';
import { planProof } from '../../proofs/plan.ts';
import { type ProofRequest, usualCheck } from '../../proofs/request.ts';
import { copyRoom } from '../../proofs/room.ts';
import { lvmSnapshot } from '../../seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { encryptedOf } from '../../seed/preflight/data/keyring-checks.ts';
import { wholeChecks } from '../../seed/preflight/data/whole-checks.ts';
import { type Finding, judging } from '../../seed/preflight/finding.ts';
import type { SeedRequest, Side } from '../../seed/request.ts';
import { snapshotMeans } from '../../snapshot/create.ts';
import { nameOf } from '../../snapshot/snapshot-commands.ts';
import { about } from '../../text/about.ts';
import { shortDuration, shortSize } from '../../text/amounts.ts';
import { type Author, type Draft, inUse, isCalled, type Subject } from '../plans/draft.ts';
import { hooked } from '../plans/hooked.ts';
import { blockedWords, type Past, userOf } from '../plans/past.ts';
import { given, type Result, refused } from '../result.ts';
import { type AskingSides, askSides } from '../seed/sides.ts';

export interface ProofWanted {
  /** Its name, its `group/name`, or its uuid. Absent: the newest that can be used, or one that is taken for it. */
  readonly snapshot?: string;
  /** Percent of the bytes. Absent: by the size of the data. */
  readonly check?: number;
  readonly limitMs?: number;
}

/** What an operator of the console has chosen. `snapshot`: its uuid. */
export type ProofChoice = { readonly of: 'restore'; readonly snapshot?: string } | { readonly of: 'rows' };

interface Asking extends Pick<AskingSides, 'open' | 'signal'> {
  readonly past: Past;
}

/** `on`: the host that the snapshot is copied to; absent: it is read where it is. */
export async function proofDraft(
  wanted: ProofWanted,
  subjects: { readonly host: Subject; readonly on?: Subject },
  by: Author,
  asking: Asking,
): Promise<Result<Draft>> {
  const both = [subjects.host, ...(subjects.on ? [subjects.on] : [])];
  const readOnly = both.map(({ host }) => readOnlyRefusal(host)).find((one) => one !== undefined);
  if (readOnly) return refused({ kind: 'refused', message: readOnly.message, advice: readOnly.advice });
  const answers = await askSides(both, asking);
  const silent = answers.find((one) => !one.ok);
  if (silent && !silent.ok) return refused({ kind: 'failed', message: silent.why, advice: '', host: silent.host });
  const [side, on] = answers.flatMap((one) => (one.ok ? [one.side] : []));
  if (!side)
    return refused({ kind: 'failed', message: 'it did not answer', advice: '', host: subjects.host.host.name });
  const scratch = subjects.on && on && { side: on, target: subjects.on.target };
  return given(draftFrom(wanted, side, { ...subjects.host, ...present('on', scratch) }, by, asking.past));
}

interface ProofSubject extends Pick<Subject, 'target'> {
  readonly on?: { readonly side: Side; readonly target: Subject['target'] };
}

/** Pure. */
export function draftFrom(
  wanted: ProofWanted,
  side: Side,
  { target, on }: ProofSubject,
  { key, who, nowMs }: Author,
  past: Past,
): Draft {
  const { host, report } = side;
  const draft = { key, who, targets: [target, ...(on ? [on.target] : [])], impact: [], name: host.name };
  const chosen = chosenSnapshot(wanted, side, past);
  if (!chosen.ok) return { ...draft, planned: chosen };
  const { snapshot } = chosen;
  const { check, limitMs } = wanted;
  const request = {
    ...{ side, job: key, who, nowMs },
    ...{ ...present('on', on?.side), ...present('snapshot', snapshot) },
    ...{ ...present('check', check), ...present('limitMs', limitMs) },
  };
  const checks = [...checksOf(request, { past, nowMs }), ...readChecks(request)];
  const [wrong] = checks.filter(({ level }) => level === 'refuse');
  const planned = wrong ? refusal(about(wrong.host, wrong.text), wrong.advice) : planProof(request);
  return hooked(
    { ...draft, planned, checks, kept: keptOf(request) },
    {
      // Nothing of the other host is changed.
      sides: [{ host, report, role: 'host' }],
      reach: (name) => {
        if (name === host.name) return { host, target };
        return on && name === on.side.host.name ? { host: on.side.host, target: on.target } : undefined;
      },
    },
  );
}

const keptOf = ({ on, snapshot }: ProofRequest): string[] => [
  ...(snapshot ? ['the snapshot itself; it gets a tag of LVM, which says that it restores'] : []),
  ...(on
    ? [`what ${on.host.name} has, in ${on.facts.datadir} and elsewhere, and its server; the copy beside it is removed`]
    : []),
];

type Chosen = { readonly ok: true; readonly snapshot?: SeedRequest['snapshot'] } | ReturnType<typeof refusal>;

function chosenSnapshot({ snapshot: name }: ProofWanted, { host, report: { lvm } }: Side, past: Past): Chosen {
  if (!lvm?.ok)
    return refusal(`the volumes of ${host.name} are not known: ${lvm?.why ?? 'it has not answered that yet'}`, '');
  const all = datadirSnapshots(lvm.value).filter((one) => !marksOf(one).isCopy);
  if (name === undefined) {
    const snapshot = all
      .filter((one) => one.valid && marksOf(one).proved && !userOf(past, host.name, one))
      .toSorted((one, other) => (other.createdSeconds ?? 0) - (one.createdSeconds ?? 0))[0];
    return { ok: true, ...present('snapshot', snapshot) };
  }
  const [snapshot, second] = all.filter((one) => isCalled(one, name));
  if (!snapshot)
    return refusal(`${host.name} has no such snapshot of its datadir: ${name}`, `reseed snapshot list ${host.name}`);
  if (second) return refusal(`several snapshots are called ${name}`, 'name the one with its group');
  if (!snapshot.valid) return refusal(`${nameOf(snapshot)} is invalid: what it held is lost`, 'remove it');
  const user = userOf(past, host.name, snapshot);
  return user ? inUse(snapshot, user.id) : { ok: true, snapshot };
}

function checksOf(request: ProofRequest, { past, nowMs }: { readonly past: Past; readonly nowMs: number }): Finding[] {
  const { side, on, snapshot, check } = request;
  const { host, report } = side;
  // The server on the copy opens no binary log.
  const encrypted = encryptedOf(side).filter((what) => what !== 'binary logs');
  const { pass, refuse } = judging(side);
  const means = snapshot ? undefined : snapshotMeans(side);
  return [
    ...(snapshot ? [pass(`from the snapshot ${nameOf(snapshot)}${takenText(snapshot, report)}`)] : []),
    ...(means ? [means.ok ? pass(`room for the snapshot: ${means.text}`) : refuse(means.message, means.advice)] : []),
    ...(means?.ok && means.words ? [{ host: host.name, advice: '', ...blockedWords(past, host.name, nowMs) }] : []),
    ...(on ? scratchChecks(request, on) : [roomFinding(side, means?.ok ? means.sizeBytes : 0)]),
    partFinding(side, check),
    ...(encrypted.length > 0
      ? [
          refuse(
            `what is encrypted: ${encrypted.join(', ')}; and the server on the copy has no keys`,
            'a seed of a staging server proves it',
          ),
        ]
      : []),
  ];
}

function roomFinding(side: Side, beside: number | undefined): Finding {
  const { pass, refuse } = judging(side);
  const room = copyRoom(side.host, side.report, beside);
  return room.ok ? pass(`room for the copy: ${room.text}`) : refuse(room.message, room.advice);
}

function takenText({ createdSeconds }: LogicalVolume, { system }: HostReport): string {
  if (!system?.ok || createdSeconds === undefined) return '';
  return `, taken ${shortDuration(system.value.clockMs - createdSeconds * 1000)} ago`;
}

function partFinding(side: Side, asked: number | undefined): Finding {
  const { dataBytes } = side.facts;
  const { pass, warn } = judging(side);
  const check = asked ?? usualCheck(dataBytes);
  const data = dataBytes === undefined ? 'the data' : `${shortSize(dataBytes)} of data`;
  if (check === 100) return pass(`all tables are checked: ${data}`);
  return warn(
    `tables with ${check} % of ${data} are drawn and checked; the others are not read`,
    asked === undefined ? 'all of them: --check all' : '',
  );
}

/** Whether one snapshot has all of the data: the same as for a seed from it. */
function readChecks(
  request: Pick<SeedRequest, 'job' | 'who' | 'nowMs' | 'snapshot'> & { readonly side: Side },
): Finding[] {
  const { side, ...rest } = request;
  return wholeChecks({
    ...rest,
    donor: side,
    targets: [],
    method: lvmSnapshot,
    others: [],
    keepSnapshot: false,
    compression: 'none',
    clear: false,
  });
}
