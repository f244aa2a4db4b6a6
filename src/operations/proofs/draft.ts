// A proof of restore made into a job that can be shown and agreed to. Nothing has happened on any host yet.
import type { HostReport, LogicalVolume } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import { datadirSnapshots, marksOf } from '../../host/storage/snapshots.ts';
import { readOnlyRefusal, refusal } from '../../job/plan/refusal.ts';
import { planProof, usualCheck } from '../../proofs/plan.ts';
import { copyRoom } from '../../proofs/room.ts';
import { lvmSnapshot } from '../../seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { encryptedOf } from '../../seed/preflight/data/keyring-checks.ts';
import { wholeChecks } from '../../seed/preflight/data/whole-checks.ts';
import { type Finding, judging } from '../../seed/preflight/finding.ts';
import type { SeedRequest, Side } from '../../seed/request.ts';
import { snapshotMeans } from '../../snapshot/create.ts';
import { nameOf } from '../../snapshot/snapshot-commands.ts';
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

interface Asking extends Pick<AskingSides, 'open' | 'signal'> {
  readonly past: Past;
}

export async function proofDraft(
  wanted: ProofWanted,
  subject: Subject,
  by: Author,
  asking: Asking,
): Promise<Result<Draft>> {
  const readOnly = readOnlyRefusal(subject.host);
  if (readOnly) return refused({ kind: 'refused', message: readOnly.message, advice: readOnly.advice });
  const [asked] = await askSides([subject], asking);
  if (!asked?.ok) {
    const why = asked?.why ?? 'it did not answer';
    return refused({ kind: 'failed', message: why, advice: '', host: subject.host.name });
  }
  return given(draftFrom(wanted, asked.side, subject, by, asking.past));
}

/** Pure. */
export function draftFrom(
  wanted: ProofWanted,
  side: Side,
  subject: Pick<Subject, 'target' | 'inventory'>,
  { key, who, nowMs }: Author,
  past: Past,
): Draft {
  const { host, report } = side;
  const draft = { key, who, targets: [subject.target], impact: [], name: host.name };
  const chosen = chosenSnapshot(wanted, side, past);
  if (!chosen.ok) return { ...draft, planned: chosen };
  const { snapshot } = chosen;
  const request = { side, job: key, who, nowMs, ...present('snapshot', snapshot) };
  const checks = [...checksOf(wanted, side, snapshot, { past, nowMs }), ...readChecks(request)];
  const [wrong] = checks.filter(({ level }) => level === 'refuse');
  const { check, limitMs } = wanted;
  const planned = wrong
    ? refusal(`${host.name}: ${wrong.text}`, wrong.advice)
    : planProof({ ...request, ...present('check', check), ...present('limitMs', limitMs) });
  const kept = snapshot ? ['the snapshot itself; it gets a tag of LVM, which says that it restores'] : [];
  return hooked(
    { ...draft, planned, checks, kept },
    {
      sides: [{ host, report, role: 'host' }],
      reach: (name) => (name === host.name ? { host, target: subject.target } : undefined),
    },
  );
}

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

function checksOf(
  { check }: ProofWanted,
  side: Side,
  snapshot: SeedRequest['snapshot'],
  { past, nowMs }: { readonly past: Past; readonly nowMs: number },
): Finding[] {
  const { host, report } = side;
  // The server on the copy opens no binary log.
  const encrypted = encryptedOf(side).filter((what) => what !== 'binary logs');
  const { pass, refuse } = judging(side);
  const means = snapshot ? undefined : snapshotMeans(side);
  const room = copyRoom(host, report, means?.ok ? means.sizeBytes : 0);
  return [
    ...(snapshot ? [pass(`from the snapshot ${nameOf(snapshot)}${takenText(snapshot, report)}`)] : []),
    ...(means ? [means.ok ? pass(`room for the snapshot: ${means.text}`) : refuse(means.message, means.advice)] : []),
    ...(means?.ok && means.words ? [{ host: host.name, advice: '', ...blockedWords(past, host.name, nowMs) }] : []),
    room.ok ? pass(`room for the copy: ${room.text}`) : refuse(room.message, room.advice),
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
