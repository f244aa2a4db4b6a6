// Whether the target's server can recover the donor's redo log. A server reads a log of an older format only after a
// clean shutdown. In a snapshot of a running server the log is not clean.
import type { Vendor } from '../../../host/facts.ts';
import { atLeast } from '../../../snapshot/lock-words.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

interface Version {
  readonly vendor: Vendor;
  readonly version: string;
  readonly text: string;
}

/**
 * The versions that introduced those formats of InnoDB's redo log after which a server does not recover the earlier
 * ones. MySQL: Log_format in log0types.h has a few more, which it recovers. It does not recover these:
 * recv_log_recover_pre_8_0_4 in log0recv.cc ("Upgrade after a crash is not supported"); since 8.0.30 log_upgrade in
 * srv0start.cc, which any older format must pass (recv_verify_log_is_clean_pre_8_0_30). 5.7.9: worklog 8845. MariaDB:
 * log0log.h.
 */
const redoFormats: Readonly<Partial<Record<Vendor, readonly (readonly number[])[]>>> = {
  mysql: [
    [5, 7, 9],
    [8, 0, 4],
    [8, 0, 30],
  ],
  mariadb: [
    [10, 2],
    [10, 3],
    [10, 4],
    [10, 5],
    [10, 8],
  ],
};

/** undefined: both have the same format. `taken` is of the same vendor as `given`, and not older. */
export function redoFinding(
  { donor, method }: Pick<SeedRequest, 'donor' | 'method'>,
  target: Side,
  [given, taken]: readonly [Version, Version],
): Finding | undefined {
  const { warn, refuse } = judging(target);
  const changed = redoFormats[given.vendor]?.findLast(
    (version) => atLeast(taken.version, version) && !atLeast(given.version, version),
  );
  if (!changed) return undefined;
  const why = `${taken.text} can't recover the redo log of ${given.text}: its format changed in ${changed.join('.')}`;
  if (method.donorRuns) {
    return refuse(
      `${why}, and a snapshot holds a log that was not ended`,
      'stop the server of the donor and seed with --stopped; or upgrade the donor first',
    );
  }
  const { name } = donor.host;
  const { service } = donor.report;
  const result = service?.ok ? service.value.result : undefined;
  if (result !== undefined) {
    return refuse(
      `${why}, and the server of ${name} did not shut down by itself (${result}): its log was not ended`,
      `start ${name} and stop it again`,
    );
  }
  return warn(
    `${why}: the files of ${name} have to be those of a whole shutdown`,
    'they are, unless it was killed, or stopped with innodb_fast_shutdown = 2',
  );
}
