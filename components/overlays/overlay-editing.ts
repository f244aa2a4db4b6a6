// The effect of keys in an overlay: while a text is typed, and while lines are read.
import type { Move } from '../base/Viewport.tsx';
import { typedBy } from '../keys.ts';

/** The typed text after one more key. */
export function edited(text: string, key: string): string {
  if (key === 'backspace' || key === 'delete' || key === 'ctrl+h') return [...text].slice(0, -1).join('');
  if (key === 'ctrl+u') return '';
  if (key === 'ctrl+w') return text.replace(/\S*\s*$/, '');
  return text + (typedBy(key) ?? '');
}

export const sheetMoves: Readonly<Record<string, Move>> = {
  j: 'down',
  down: 'down',
  k: 'up',
  up: 'up',
  pagedown: 'pageDown',
  space: 'pageDown',
  pageup: 'pageUp',
  g: 'first',
  home: 'first',
  G: 'last',
  end: 'last',
};
