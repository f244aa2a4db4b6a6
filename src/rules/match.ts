// Which rules a host meets, by one look at it. Pure.
import type { HostPicture } from '../fleet/picture.ts';
import { serviceState } from '../fleet/service-state.ts';
import { usualNumber } from '../host/server/replication-errors.ts';
import type { Rule } from '../inventory/settings.ts';
import type { Condition } from '../job/journal/looks.ts';

const prefix = 'rule ';
export const isOfRule = ({ name }: Pick<Condition, 'name'>): boolean => name.startsWith(prefix);
export const conditionName = ({ name }: Pick<Rule, 'name'>): string => `${prefix}${name}`;

/** Why; undefined: it does not meet it, or that is not known now. */
export function metBy({ when, hosts }: Rule, picture: HostPicture): string | undefined {
  const { host, report, link } = picture;
  if ((hosts !== undefined && !hosts.includes(host.name)) || link.state === 'failed') return undefined;
  if (when.includes('crash-looping') && serviceState(picture) === 'crash-looping') return 'its server is crash-looping';
  if (!report.replication?.ok) return undefined;
  const broken = report.replication.value.channels.find(
    // A channel that still runs may pass over its error by itself.
    ({ errorNumber, ioThread, sqlThread }) =>
      errorNumber !== undefined && names(when, errorNumber) && (ioThread !== 'running' || sqlThread !== 'running'),
  );
  return broken?.errorNumber === undefined
    ? undefined
    : `its replication is broken by error ${numberWords(broken.errorNumber)}`;
}

function numberWords(errorNumber: number): string {
  const usual = usualNumber(errorNumber);
  return usual === errorNumber ? String(errorNumber) : `${usual} (${errorNumber})`;
}

/** Whichever of its two numbers the rule is written with: MySQL 8.0 and later report a 1236 as 13114. */
const names = (when: Rule['when'], errorNumber: number): boolean =>
  when.some((one) => one !== 'crash-looping' && usualNumber(one) === usualNumber(errorNumber));

/** Whether a host that does not meet it is known not to. */
export const isKnownUnmet = ({ when }: Rule, { link, report }: HostPicture): boolean =>
  link.state !== 'failed' &&
  when.every((one) => (one === 'crash-looping' ? report.service?.ok : report.replication?.ok) === true);

export const conditionsOf = (
  rules: readonly Rule[],
  hosts: readonly HostPicture[],
): readonly Pick<Condition, 'host' | 'name' | 'text'>[] =>
  rules.flatMap((rule) =>
    hosts.flatMap((picture) => {
      const text = metBy(rule, picture);
      return text === undefined ? [] : [{ host: picture.host.name, name: conditionName(rule), text }];
    }),
  );
