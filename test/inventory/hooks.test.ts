// Hooks of an inventory, and the mistakes in them.
import { describe, expect, test } from 'vitest';
import { hookPoints } from '../../src/inventory/settings.ts';
import { complaints, hostOf } from './reading.ts';

describe('a hook of the inventory', () => {
  test('has what defaults, cluster and host say of it', () => {
    const text = `defaults:
  hooks:
    drain: { at: before-stop, run: [/opt/drain, "{host}"], refuses: true, deadline: 5 min }
    note: { at: [after-caught-up, after-failure], run: [/opt/note], on: host db2, again: true }
clusters: { shop: { hooks: { drain: { deadline: 1 h } } } }
hosts:
  db1: { cluster: shop, hooks: { drain: { on: target } } }
  db2: {}
`;
    expect(hostOf(text, 'db1').hooks).toEqual({
      drain: { at: ['before-stop'], run: ['/opt/drain', '{host}'], on: 'target', deadlineMs: 3_600_000, refuses: true },
      note: { at: ['after-caught-up', 'after-failure'], run: ['/opt/note'], on: { host: 'db2' }, again: true },
    });
  });

  test.each([
    ['{ at: before-stopp, run: [/x] }', `1:35 hooks.h.at is "before-stopp", did you mean before-stop?`],
    ['{ at: at-noon, run: [/x] }', `1:35 hooks.h.at is "at-noon", write one of ${hookPoints.join(', ')}`],
    [
      '{ at: before-stop, run: /x }',
      '1:53 hooks.h.run is "/x", write [/PATH/OF/PROGRAM, ARGUMENT...]: the whole path, and a list, since no shell reads it',
    ],
    [
      '{ at: before-stop, run: [x] }',
      '1:53 hooks.h.run is a list, write the whole path of x, from /: no PATH is searched',
    ],
    [
      '{ at: before-stop, run: [/x, "{hots}"] }',
      '1:58 hooks.h has the unknown placeholder {hots}, did you mean {host}?',
    ],
    [
      '{ at: before-stop, run: [/x], on: db1 }',
      '1:63 hooks.h.on is "db1", write jump, donor, target, or host and a name of this file, as in host db1',
    ],
    [
      '{ at: before-stop, run: [/x], on: host db11 }',
      '1:63 hooks.h runs on the unknown host "db11", did you mean db1?',
    ],
    ['{ at: before-stop, run: [/x], refuse: true }', '1:59 unknown key "refuse" in hooks.h, did you mean refuses?'],
    ['/opt/x', '1:29 hooks.h is "/opt/x", write a map here: key: value'],
    ['{ at: before-stop }', '1:26 hooks.h.run is missing, write run: [/PATH/OF/PROGRAM, ARGUMENT...]'],
    ['{ run: [/x] }', '1:26 hooks.h.at is missing, write at: before-stop, or another stage'],
    [
      '{ at: after-failure, run: [/x], refuses: true }',
      '1:70 hooks.h cannot refuse after-failure: the job has failed by then, write it as a hook of its own',
    ],
    [
      '{ at: [after-success], run: [/x], refuses: true }',
      '1:72 hooks.h cannot refuse after-success: the job has succeeded by then, write it as a hook of its own',
    ],
  ])('%s is refused at its place', (written, complaint) => {
    expect(complaints(`hosts: { db1: { hooks: { h: ${written} } } }`)).toEqual([`hosts.yaml:${complaint}`]);
  });
});
