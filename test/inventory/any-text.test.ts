import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblem, parseInventory } from '../../src/inventory/inventory.ts';
import { environment } from './reading.ts';

const unprintable = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

function check(text: string, fileName: string): void {
  const result = parseInventory(text, { fileName, environment });
  if (result.ok) {
    expect(result.inventory.hosts.length).toBeGreaterThan(0);
    expect(unprintable.test(textsIn([result.inventory.fleet, result.inventory.hosts]).join('|'))).toBe(false);
  } else {
    expect(result.problems.length).toBeGreaterThan(0);
    for (const problem of result.problems) expect(unprintable.test(formatProblem(problem))).toBe(false);
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

const words = fc.constantFrom(
  ...[
    'hosts:',
    'all:',
    'children:',
    'vars:',
    'clusters:',
    'defaults:',
    'db1',
    'db[1:3]',
    'ssh:',
    'jump',
    ': ',
    '{',
    '}',
  ],
  ...[
    '[',
    ']',
    '\n',
    '\n  ',
    '\n\t',
    '- ',
    '"',
    "'",
    '&a ',
    '*a',
    '<<: ',
    '? ',
    '| ',
    '> ',
    '# ',
    '--- ',
    '!x ',
    '%',
    '\0',
  ],
  ...[
    '\u001b',
    '\u202e',
    '\ud800',
    '"\\u001b"',
    '[a:vars]\n',
    '[a:children]\n',
    '=',
    'ansible_port=1',
    '{{',
    '__proto__: ',
  ],
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary' }).map((text) => `[db]\n${text}`),
  fc.array(words, { maxLength: 40 }).map((parts) => parts.join('')),
);
const sample = `defaults: &d { ssh: { user: root }, seed: { ports: 1-2 } }
clusters: { shop: { labels: { a: b } } }
hosts:
  db1: { cluster: shop, ssh: { host: 10.0.0.1, jump: db2 }, commands: { x: y } }
  "my db": { ssh: { host: a }, snapshot: { size: 10% } }
  db2:
`;

describe('any text', () => {
  test('is an inventory or a list of problems, with no control character in either', () => {
    fc.assert(fc.property(anyText, fc.constantFrom('hosts.yaml', 'hosts.ini', '\u001b'), check), { numRuns: 500 });
  });

  test('put anywhere into a good file does no more', () => {
    const slip = fc.tuple(
      fc.nat(sample.length),
      fc.nat(4),
      fc.oneof(words, fc.string({ unit: 'binary', maxLength: 4 })),
    );
    fc.assert(
      fc.property(slip, ([at, removed, added]) => {
        check(sample.slice(0, at) + added + sample.slice(at + removed), 'hosts.yaml');
      }),
      { numRuns: 500 },
    );
  });
});
