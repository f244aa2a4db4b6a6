// The operator's own colours of the console, a part of its settings (config.ts). Pure.
//
//   background: light
//   palette: colour-blind
import { present } from '../host/known.ts';
import { nearest } from '../inventory/nearest.ts';
import { type Complain, quoted } from '../inventory/problem.ts';
import type { Tree } from '../inventory/reading/tree.ts';
import { backgrounds, type Colours, palettes } from './colours.ts';

interface Own {
  readonly background: Tree | undefined;
  readonly palette: Tree | undefined;
}

export const coloursIn = ({ background, palette }: Own, complain: Complain): Colours => ({
  ...present('background', chosenIn(background, 'background', backgrounds, complain)),
  ...present('palette', chosenIn(palette, 'palette', palettes, complain)),
});

function chosenIn<T extends string>(
  own: Tree | undefined,
  setting: string,
  words: readonly T[],
  complain: Complain,
): T | undefined {
  if (own === undefined || own.kind === 'unset') return undefined;
  const found = own.kind === 'text' ? words.find((word) => word === own.text) : undefined;
  if (found !== undefined) return found;
  const near = own.kind === 'text' ? nearest(own.text, words) : undefined;
  const instead = near === undefined ? `write one of ${words.join(', ')}` : `did you mean ${near}?`;
  complain(own.at, own.kind === 'text' ? `unknown ${setting} ${quoted(own.text)}` : `this is no ${setting}`, instead);
  return undefined;
}
