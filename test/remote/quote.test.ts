import { existsSync } from 'node:fs';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine, opening } from '../../src/remote/call/leash.ts';
import { commandLabel, programText, shellWord } from '../../src/remote/call/quote.ts';

// Half of the characters have a special meaning in some shell.
const word = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\'"\\$`!#*?~;&|<>(){}[] \t\n-=%^'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});
const words = fc.array(
  word.map((text) => text.replaceAll('\0', '')),
  { maxLength: 8 },
);

describe('a program for the shell', () => {
  const shells = ['/bin/sh', '/bin/bash', '/bin/zsh'].filter(existsSync);

  test.each(shells)(
    'is read by %s as the very words',
    async (shell) => {
      await fc.assert(
        fc.asyncProperty(words, async (args) => {
          const script = 'for word in "$@"; do printf "%s\\0" "$word"; done';
          const { stdout } = await execa(shell, { input: programText(script, args), stripFinalNewline: false });
          expect(stdout.split('\0').slice(0, -1)).toEqual(args);
        }),
        { numRuns: 60 },
      );
    },
    60_000,
  );

  test('cannot hold a NUL byte: that is a bug of the caller', () => {
    expect(() => shellWord('a\0b')).toThrow(TypeError);
  });

  test('is named by its first line of code and its arguments', () => {
    expect(commandLabel('#!/bin/sh\n# why\n\n  df -P "$1"\necho', ['/var/lib/mysql', 'a b'])).toBe(
      'df -P "$1" /var/lib/mysql \'a b\'',
    );
  });
});

describe('the command line', () => {
  test.each([false, true])('is one that every login shell reads alike (sudo: %s)', (sudo) => {
    const line = commandLine(sudo);
    expect(line).not.toMatch(/[\\!\n]/);
    // Quotes come only around the whole texts: exec /bin/sh -c '...' reseed ['...']
    expect(line.split("'")).toHaveLength(sudo ? 5 : 3);
  });

  test('runs nothing when the program arrives cut off', async () => {
    const { header } = opening('echo ran', [], { sudo: false, feedBytes: 0 });
    const { stdout, exitCode } = await execa('/bin/sh', ['-c', commandLine(false)], {
      input: header.subarray(0, header.length - 5),
      reject: false,
      detached: true,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
  });
});
