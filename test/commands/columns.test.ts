// The operator's own columns: what the file may say of them, and that saving them leaves everything else in it as it was.
import { describe, expect, test } from 'vitest';
import { withColumns } from '../../src/commands/columns-text.ts';
import { readConfig } from '../../src/commands/config.ts';
import { listColumns } from '../../src/commands/list-columns.ts';
import { formatProblem } from '../../src/inventory/inventory.ts';

const read = (text: string) => {
  const config = readConfig(text, 'config.yaml');
  if (!config.ok) throw new Error(config.problems.map(formatProblem).join('\n'));
  return config.config;
};
const problems = (text: string) => {
  const config = readConfig(text, 'config.yaml');
  return config.ok ? [] : config.problems.map(formatProblem);
};

test('columns are read in their order; a list without any has all', () => {
  expect(read('columns:\n  fleet: [alert, host]\n  jobs:\n').columns).toEqual({ fleet: ['alert', 'host'] });
  expect(read('').columns).toEqual({});
});

test('mistakes in columns are told with line and column', () => {
  expect(problems('columns: [host]\n')).toEqual([
    'config.yaml:1:10 columns is no map, write columns: { fleet: [host, mysql, alert] }',
  ]);
  expect(problems('columns:\n  flet: [host]\n')[0]).toContain('config.yaml:2:3 unknown list "flet"');
  expect(problems('columns:\n  fleet: host\n')[0]).toContain('2:10 this is no list of columns');
  expect(problems('columns:\n  fleet: [host, lagg]\n')).toEqual([
    'config.yaml:2:17 fleet has no column "lagg", did you mean lag?',
  ]);
  expect(problems('columns:\n  fleet: [host, lag, host]\n')).toEqual([
    'config.yaml:2:22 "host" is in the list twice, keep one of them',
  ]);
  expect(problems('columns:\n  fleet: [lag]\n')).toEqual([
    'config.yaml:2:10 fleet has no column host, which says what keys act on, add host',
  ]);
  expect(problems('columns:\n  jobs: [job, {}]\n')[0]).toContain('2:15 this is no column');
});

describe('saved', () => {
  const names = ['host', 'alert'];
  const keys = `# my keys
keys:
  seed.open: E              # in place of e
  palette.open: [":", ctrl+p]
`;

  test('in an empty file, or one with comments alone, they are all that is added', () => {
    expect(withColumns('', { list: 'fleet', names })).toBe('columns:\n  fleet: [host, alert]\n');
    expect(withColumns('# nothing\n', { list: 'fleet', names })).toBe('# nothing\ncolumns:\n  fleet: [host, alert]\n');
  });

  test('below other settings, every character of these stays', () => {
    expect(withColumns(keys, { list: 'fleet', names })).toBe(`${keys}columns:\n  fleet: [host, alert]\n`);
    expect(withColumns(keys.trimEnd(), { list: 'fleet', names })).toBe(`${keys}columns:\n  fleet: [host, alert]\n`);
  });

  test('in place of those before, beside the columns of another list', () => {
    const before = `columns:   # mine
  # the night shift
  fleet: [host, lag]   # short
  jobs: [job, state]
mouse: false
`;
    expect(withColumns(before, { list: 'fleet', names })).toBe(before.replace('[host, lag]', '[host, alert]'));
    expect(withColumns(before, { list: 'jobs', names: [...listColumns.jobs] })).toContain(
      'fleet: [host, lag]   # short',
    );
    expect(withColumns(before, { list: 'snapshots', names: ['snapshot', 'host'] })).toBe(
      before.replace('  fleet:', '  snapshots: [snapshot, host]\n  fleet:'),
    );
    expect(withColumns('columns:   # none yet\nmouse: false\n', { list: 'fleet', names })).toBe(
      'columns:   # none yet\n  fleet: [host, alert]\nmouse: false\n',
    );
  });

  test('where each has a line, a comment stays with its column', () => {
    const before = `columns:
  fleet:
    - host   # who
    # how late
    - lag
    - alert
  jobs: [job]
`;
    expect(withColumns(before, { list: 'fleet', names: ['lag', 'role', 'host'] })).toBe(`columns:
  fleet:
    # how late
    - lag
    - role
    - host # who
  jobs: [job]
`);
  });

  test("as reseed's own they are taken out again", () => {
    const before = `${keys}columns:\n  fleet: [host, alert]\n`;
    expect(withColumns(before, { list: 'fleet', names: undefined })).toBe(keys);
    const two = `columns:\n  fleet: [host, alert]\n  jobs: [job]\nmouse: false\n`;
    expect(withColumns(two, { list: 'fleet', names: undefined })).toBe('columns:\n  jobs: [job]\nmouse: false\n');
    expect(withColumns(keys, { list: 'fleet', names: undefined })).toBe(keys);
  });

  test('in maps in braces they are right as well, and the comments are there', () => {
    for (const text of [
      '{ mouse: false } # why\n',
      'columns: { jobs: [job] } # why\nmouse: false\n',
      'columns: {}\nmouse: false\n',
    ]) {
      const after = withColumns(text, { list: 'fleet', names });
      expect(read(after ?? '')).toMatchObject({ columns: { fleet: names }, mouse: false });
      if (text.includes('# why')) expect(after).toContain('# why');
    }
  });

  test('not into a file with mistakes', () => {
    expect(withColumns('keyes: {}\n', { list: 'fleet', names })).toBeUndefined();
  });
});
