// A scenario: a night on call for training, as data. Each is a file of this folder, with what breaks, what the hosts have to be at its end, and
// hints that cost points. Nothing here asks a host.

export interface Scenario {
  /** `corrupt-replica` */
  readonly name: string;
  /** One line, for the list: it tells what is practised. */
  readonly title: string;
  /** What the team is told when it begins: what was seen, and not what broke. A paragraph each. */
  readonly story: readonly string[];
  /** The hosts that have to be up, and in order. */
  readonly hosts: readonly string[];
  /** In so many minutes it costs no points. */
  readonly minutes: number;
  /** In their order. */
  readonly breaks: readonly Breakage[];
  /** All of them have to be so. */
  readonly goal: readonly Goal[];
  /** Each says more than the one before. */
  readonly hints: readonly string[];
}

export type Breakage =
  | { readonly fault: string; readonly on: string; readonly args?: readonly string[] }
  /** Another operator gives reseed these words, from a jump host of their own; they end once the job runs. */
  | { readonly operator: readonly [string, ...string[]] };

export type Goal =
  | { readonly is: 'up' | 'writable' | 'read-only'; readonly host: string }
  /** Both of its threads run. */
  | { readonly is: 'replicates'; readonly host: string; readonly from: string }
  /** It replicates from no host. */
  | { readonly is: 'alone'; readonly host: string }
  /** The same rows in all tables at one position, and no error of CHECK TABLE. */
  | { readonly is: 'equal'; readonly host: string; readonly to: string }
  /** It has no transaction that the other one lacks. */
  | { readonly is: 'no errant'; readonly host: string; readonly to: string }
  /** Of the file system of its datadir. */
  | { readonly is: 'room'; readonly host: string; readonly atMostPercent: number }
  /** A whole one that reseed made, and none that is invalid. */
  | { readonly is: 'snapshot'; readonly host: string }
  /** Every job that the other operator began is done. */
  | { readonly is: 'operator done' };

/** `db3 replicates from db1` */
export function goalWords(goal: Goal): string {
  switch (goal.is) {
    case 'up':
      return `the server of ${goal.host} runs`;
    case 'writable':
      return `${goal.host} takes writes`;
    case 'read-only':
      return `${goal.host} is read-only`;
    case 'replicates':
      return `${goal.host} replicates from ${goal.from}`;
    case 'alone':
      return `${goal.host} replicates from no host`;
    case 'equal':
      return `${goal.host} has exactly the data of ${goal.to}`;
    case 'no errant':
      return `${goal.host} has no transaction that ${goal.to} lacks`;
    case 'room':
      return `the disk of the datadir of ${goal.host} is at most ${goal.atMostPercent} % full`;
    case 'snapshot':
      return `${goal.host} has a whole snapshot of reseed, and none that is invalid`;
    case 'operator done':
      return 'the job of the other operator ended well';
  }
}
