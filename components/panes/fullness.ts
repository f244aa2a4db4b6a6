// How full something is, as a figure and a tone. The figure is always shown with the tone. Pure.
import type { Tone } from '../base/theme.ts';

export const percentText = (percent: number | undefined): string =>
  percent === undefined ? '?' : `${percent < 10 ? percent.toFixed(1) : Math.floor(percent)} %`;

/** More than `much` is a warning; more than `most` cannot wait. */
export function fullness(percent: number, much: number, most: number): Tone {
  if (percent > most) return 'bad';
  return percent > much ? 'warning' : 'plain';
}
