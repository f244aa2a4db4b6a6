// The commands of the steps of a clone on the donor (seed-clone-donor.sh).
import { type CloneDonorVerb, cloneDonorWords } from '../../../scripts/seed-clone-words.ts';
import { command } from '../../place.ts';
import type { SeedRequest } from '../../request.ts';

/** DDL of an installed plugin waits for running statements. */
const deadlineMs = 5 * 60_000;

export const onDonor = ({ donor: { host }, job }: Pick<SeedRequest, 'donor' | 'job'>, verb: CloneDonorVerb) =>
  command(host.name, 'seed-clone-donor', cloneDonorWords(verb, host.mysql, job), deadlineMs);

/** ` (super_read_only is OFF for that moment)`: read_only stays ON. */
export const whileOff = ({ donor }: Pick<SeedRequest, 'donor'>): string =>
  isSuperReadOnly(donor.facts.variables.super_read_only) ? ' (super_read_only is OFF for that moment)' : '';

export const isSuperReadOnly = (value: string | undefined): boolean => value !== undefined && /^(ON|1)$/i.test(value);
