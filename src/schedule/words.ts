// What schedules do, and when, in words.
import {
  type Allowance,
  allowances,
  type KeepRule,
  type Schedule,
  type ScheduledAct,
  type ScheduledSeed,
} from '../inventory/settings.ts';
import { shortDuration } from '../text/amounts.ts';
import { countedMost } from './due.ts';

/** `30 2 * * * Europe/Berlin` */
export const whenText = ({ cron, timezone }: Pick<Schedule, 'cron' | 'timezone'>): string =>
  timezone === undefined ? cron : `${cron} ${timezone}`;

/** `3`, `24 hourly, 7 daily` */
const keepText = (rule: KeepRule): string =>
  Object.entries(rule)
    .map(([part, count]) => (part === 'last' ? `${count}` : `${count} ${part}`))
    .join(', ');

/** `prune, 3 stay` */
export function actText(act: ScheduledAct): string {
  switch (act.do) {
    case 'snapshot':
      return 'snapshot';
    case 'prune':
      if (act.keep !== undefined) return `prune, ${keepText(act.keep)} stay`;
      return act.youngerThanMs === undefined ? 'prune' : `prune what is older than ${shortDuration(act.youngerThanMs)}`;
    case 'rows':
      return 'proof of rows';
    case 'proof':
      return [
        act.check === undefined || act.check === 100 ? 'proof' : `proof of ${act.check} % of the data`,
        ...(act.on === undefined ? [] : [`on ${act.on}`]),
      ].join(' ');
    case 'command':
      return `command ${act.command}`;
    case 'seed':
      return seedText(act);
  }
}

function seedText({ donor, ends, clear }: ScheduledSeed): string {
  const end = ends === 'set' ? ' as a set' : ends === undefined ? '' : ` ${ends}`;
  return `seed from ${donor}${end}${clear ? ', the old data first if it has to be' : ''}`;
}

const allowedWords: Readonly<Record<Allowance, string>> = {
  'replace-data': 'its data may be replaced',
  losses: 'what else would break or be lost is agreed to',
  replicas: 'it may be a replica that works',
  'remove-snapshots': 'its snapshots may be removed',
  'dangerous-command': 'a dangerous command may run',
};

/** `stage1: its data may be replaced (allow: replace-data)`: what the inventory agrees to in the place of an operator. */
export const allowedSentences = ({ allow }: Pick<Schedule, 'allow'>): readonly string[] =>
  allowances.flatMap((one) => {
    const hosts = allow[one] ?? [];
    return hosts.length === 0 ? [] : [`${hosts.join(', ')}: ${allowedWords[one]} (allow: ${one})`];
  });

/** It comes after what was begun. No more than `countedMost` are counted. */
export const missedText = (missed: number): string =>
  missed === 0
    ? ''
    : missed === 1
      ? ', one time before was missed'
      : `, ${missed}${missed < countedMost ? '' : ' or more'} times before were missed`;
