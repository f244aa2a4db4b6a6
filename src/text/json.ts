import { unprintable } from './unprintable.ts';

/**
 * JSON with escapes for all characters that must not reach a terminal: JSON.stringify leaves C1 controls, DEL and bidi
 * overrides as they are.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(unprintable, (letters) =>
    letters === '\n' ? letters : [...Array(letters.length).keys()].map((at) => escapeOf(letters, at)).join(''),
  );
}

const escapeOf = (letters: string, at: number) => `\\u${letters.charCodeAt(at).toString(16).padStart(4, '0')}`;
