// Which servers can clone which. Pure. https://dev.mysql.com/doc/refman/8.4/en/clone-plugin-remote.html
import { atLeast } from '../../../snapshot/lock-words.ts';

/** RANDOM PASSWORD, which makes the account of the job, is new in 8.0.18; the plugin in 8.0.17. */
const first = [8, 0, 18];
/** From here on within a series; before, only between equal versions. */
const bySeries = [8, 0, 37];

const seriesOf = (version: string) => version.split('.').slice(0, 2).join('.');
/** `8.0.36-28` is 8.0.36 of Percona. */
const numbersOf = (version: string) => version.replace(/-.*/, '');

/** Both of MySQL. Clean words; undefined: it can. */
export function whyNoClone(...versions: readonly [given: string, taken: string]): string | undefined {
  const [given, taken] = versions.map(numbersOf) as [string, string];
  const old = [given, taken].find((version) => !atLeast(version, first));
  if (old !== undefined) return `MySQL ${old} can not clone: 8.0.18 is the first that reseed clones`;
  if (given === taken) return undefined;
  if (seriesOf(given) !== seriesOf(taken)) return `MySQL ${taken} takes no clone of ${given}: it is of another series`;
  if ([given, taken].every((version) => atLeast(version, bySeries))) return undefined;
  return `MySQL ${taken} takes no clone of ${given}: before 8.0.37 both have to be equal`;
}
