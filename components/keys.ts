// Keyboard input, as the names that the command list uses: `j`, `G`, `enter`, `esc`, `ctrl+c`, `ctrl+space`, `shift+tab`.
// Fast typing arrives as one event ("/db1\r"). It is split into keys, or they would be lost.
import type { Key } from 'ink';

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** The keys in one of Ink's events, in the order they were pressed. */
export function keysOf(input: string, key: Key): readonly string[] {
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  const name = named.find(([flag]) => key[flag])?.[1];
  if (name !== undefined) return [name];
  if (key.ctrl) return input === '' ? [] : [`ctrl+${input === ' ' ? 'space' : input}`];
  // alt+j is no command, and must not act as j.
  if (key.meta) return [];
  return [...input].map(keyOfCharacter);
}

const controls: Readonly<Record<string, string>> = {
  ' ': 'space',
  // What terminals send for it, also through tmux and ssh.
  '\0': 'ctrl+space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
  '\x1b': 'esc',
};

function keyOfCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return controls[character] ?? (code < 0x20 ? `ctrl+${String.fromCharCode(code + 0x60)}` : character);
}

/** The text that a key adds to a typed line; undefined for a key that is not text. */
export function typedBy(key: string): string | undefined {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : undefined;
}
