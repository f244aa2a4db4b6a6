// Text that came from a host, made safe for a terminal. All text of a host passes here once, where it enters the
// program: a log line may hold OSC 8 links, OSC 52 (writes the clipboard), colours, or U+202E, which reverses the rest
// of a line.
import { reordering } from './unprintable.ts';

// CSI, terminated strings (OSC, DCS, SOS, PM, APC) and two-byte escapes, with 7-bit or 8-bit introducers (ECMA-48).
// A string without its end is not removed, or one stray byte would hide the rest of the text; the last rule defuses it.
// Every class stops at the next introducer, so the time stays linear however many there are.
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about.
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-OQ-WYZ\\`-~]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const lineEnd = /\r\n|[\u2028\u2029]/g;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Text for a screen or a log: escape sequences and bidi controls removed, every other control character and every
 * invalid UTF-8 sequence shown as U+FFFD. Newlines and tabs stay; CR LF becomes LF.
 */
export function cleanText(input: string | Uint8Array): string {
  const text = typeof input === 'string' ? input.toWellFormed() : decoder.decode(input);
  return text.replace(escapeSequence, '').replace(reordering, '').replace(lineEnd, '\n').replace(control, '\ufffd');
}

/** The same on one line: newlines and tabs become spaces. For names, messages and table cells. */
export function cleanLine(input: string | Uint8Array): string {
  return cleanText(input).replace(/[\n\t]+/g, ' ');
}
