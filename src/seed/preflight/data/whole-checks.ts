// Whether all of a donor's data can be read at one instant: two volumes can't be snapshotted at the same time.

import type { SeedRequest } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { leftAdvice } from '../left-advice.ts';
import { besideText, donorPlaceRefusals } from './place-checks.ts';

export function wholeChecks(request: SeedRequest): Finding[] {
  const { donor } = request;
  const { links, unseen, mounts, elsewhere, half, gone, tablespaces, locked, discarded, unanswered } = donor.facts;
  const { pass, refuse, unknown } = judging(donor);
  const move = request.method.onlyRows
    ? 'ALTER TABLE ... there without DATA DIRECTORY: a dump has these words, and its load makes no such file'
    : 'move it into the datadir';
  const findings = [
    ...donorPlaceRefusals(request),
    ...elsewhere.map((path) => refuse(`the tablespace ${path} lies outside the datadir`, move)),
    ...(discarded.length === 0
      ? []
      : [
          refuse(
            `tables without a file, whose tablespace was discarded: ${discarded.slice(0, 3).join(', ')}${discarded.length > 3 ? ', …' : ''}. A server on a copy misses these files`,
            'ALTER TABLE ... IMPORT TABLESPACE on it, or drop them',
          ),
        ]),
    ...links.map((link) => refuse(`${link} leads out of the datadir`, 'move what it leads to into the datadir')),
    ...(unseen.includes('links')
      ? [
          refuse(
            `whether links lead out of the datadir: unknown, ${donor.facts.datadir} was not looked through to its end`,
            'try it again; if it stays so, see what its disk does',
          ),
        ]
      : []),
    ...mounts.map((mount) => refuse(`${mount} is another file system inside the datadir`, 'it has to be one')),
    // While a job works there its marks are no remains: then its lock is the reason to refuse.
    ...(locked ? [] : [...half, ...gone]).map((left) =>
      refuse(`the datadir was not whole when a seed ended: ${left}`, leftAdvice(request, left, donor.host.name)),
    ),
  ];
  if (findings.length > 0) return findings;
  const untold = unanswered.includes('discarded')
    ? [
        unknown(
          'whether it has tables whose tablespace was discarded (a server on a copy misses their files): unknown, its server did not say',
          'the account needs PROCESS; else try it again',
        ),
      ]
    : [];
  if (tablespaces === undefined) {
    const text = `whether tablespaces lie outside the datadir: unknown, ${whyUntold(request)}`;
    const advice = donor.report.server?.ok
      ? 'the account needs PROCESS'
      : 'start it, and its server is asked; the seed ends where the new server misses a file';
    return [unknown(text, advice), ...untold];
  }
  const counted = `, ${tablespaces} tablespaces`;
  const beside = besideText(donor);
  if (beside !== '') return [pass(`the data is whole: the datadir, and ${beside}${counted}`), ...untold];
  return [pass(`the datadir is whole: nothing of it lies elsewhere${counted}`), ...untold];
}

/** A table's path may be only in its server's dictionary: no option and no file of the datadir shows it. */
function whyUntold({ donor, snapshot }: SeedRequest): string {
  if (donor.report.server?.ok) return 'its server did not say';
  return snapshot ? 'its server is down, and a snapshot does not tell' : 'its server is down';
}

/** For above the prompt: tables that the targets may lack. */
export function untoldSentences(request: SeedRequest): string[] {
  const { donor, targets } = request;
  if (donor.facts.tablespaces !== undefined) return [];
  return targets.map(
    ({ host }) =>
      `${host.name} gets no tablespace of ${donor.host.name} that lies outside the datadir, and whether there are any is unknown (${whyUntold(request)})`,
  );
}
