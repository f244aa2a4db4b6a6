// The operator's own commands, as an inventory has them.
import { describe, expect, test } from 'vitest';
import { formatProblem, parseInventory } from '../../src/inventory/inventory.ts';
import { complaints, environment, hostOf } from './reading.ts';

const placeholders = '{host}, {address}, {cluster}, {datacenter}, {service}, {datadir}, {socket}, {mysqlPort}';

describe('a command of the inventory', () => {
  test('is a program with its arguments, or a line, and has what defaults, cluster and host say of it', () => {
    const text = `defaults:
  commands:
    pin: { run: [/usr/local/bin/pin, "{datadir}"], help: pin the tables, dangerous: true }
    top: top -b -n 1
clusters: { shop: { commands: { pin: { deadline: 1 h } } } }
hosts:
  db1: { cluster: shop, commands: { pin: { run: [/opt/pin] }, top: [top, -b] } }
`;
    expect(hostOf(text, 'db1').commands).toEqual({
      pin: { run: ['/opt/pin'], help: 'pin the tables', dangerous: true, deadlineMs: 3_600_000 },
      top: { run: ['top', '-b'] },
    });
  });

  test.each([
    ['{ x: [pin, "{datdir}"] }', '1:38 commands.x has the unknown placeholder {datdir}, did you mean {datadir}?'],
    [
      '{ x: { run: [pin, "--at={nothing}"] } }',
      `1:45 commands.x has the unknown placeholder {nothing}, write one of ${placeholders}; {{nothing}} is the text itself`,
    ],
    [
      '{ x: [sh, -c, "ls {datadir}"] }',
      '1:41 commands.x has {datadir} inside an argument, where it is not replaced, write it as an argument of its own, "{datadir}"',
    ],
    [
      '{ x: [pin, "a{{host}}b"] }',
      '1:38 commands.x has {{host}} inside an argument, where it is not the text {host}, write it as an argument of its own, "{{host}}", or keep the whole text in a script on the host',
    ],
    [
      '{ x: "ls {datadir}" }',
      '1:32 commands.x has {datadir} in a line for a shell, where it is not replaced, write a list, as in [PROGRAM, "{datadir}"]',
    ],
    ['{ x: { help: it does } }', '1:29 commands.x.run is missing, write run: [PROGRAM, ARGUMENT...]'],
    [
      '{ x: { run: { a: b } } }',
      '1:39 commands.x.run is a map, write [PROGRAM, ARGUMENT...], each a text that is not empty, or a command line for sh',
    ],
    [
      '{ x: [pin, ""] }',
      '1:32 commands.x is a list, write [PROGRAM, ARGUMENT...], each a text that is not empty, or a command line for sh',
    ],
    [
      '{ x: { run: pin, deadline: 5 } }',
      '1:54 commands.x.deadline is "5", write a time with its unit (s, min, h or d), from 1 s to 7 d, as in 5 min',
    ],
    [
      '{ x: { run: pin, danger: true } }',
      '1:44 unknown key "danger" in commands.x, write one of run, help, dangerous, insecure, deadline',
    ],
    [
      '{ x: [bin/pin, "{host}"] }',
      '1:33 commands.x has the program "bin/pin", of no folder, write its whole path, from /',
    ],
    ['{ "a b": pin }', '1:29 a command cannot be named "a b", write letters, digits, . _ and -, with a letter first'],
  ])('%s is refused at its place', (written, complaint) => {
    expect(complaints(`hosts: { db1: { commands: ${written} } }`)).toEqual([`hosts.yaml:${complaint}`]);
  });

  test('may have braces of its own: those of find, of awk, and doubled ones', () => {
    const text = `hosts: { db1: { commands: { x: [find, /, -exec, ls, "{}", ";"], y: [awk, "{ print }"], z: [awk, "{{print}}"], s: "echo ${'$'}{host}" } } }`;
    expect(complaints(text)).toEqual([]);
  });

  test('that is to take the place of a step is noted, and others are not', () => {
    const text = `hosts:
  db1: { commands: { receive: [r, "{directory}", "{port}"], pin: pin, status: st, clean: c } }
`;
    const result = parseInventory(text, { fileName: 'hosts.yaml', environment });
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
    expect(result.notes.map(formatProblem)).toEqual([
      'hosts.yaml:2:22 commands.receive opens a port that takes data from any host, unencrypted: seeds by it are refused, write it as { run: ..., insecure: true } if you agree',
      'hosts.yaml:2:83 commands.clean is not run: this reseed has no command in the place of what reseed does for clean, take it out: with it clean is refused on this host',
    ]);
  });

  test('that receives and needs a port beside that of the job is noted where there is one alone', () => {
    const text =
      'hosts: { db1: { seed: { ports: 4444-4444 }, commands: { receive: { run: [r, "{port}"], insecure: true } } } }';
    const result = parseInventory(text, { fileName: 'hosts.yaml', environment });
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
    expect(result.notes.map(formatProblem).join()).toContain(
      'there is 4444-4444 alone, write a range of two: 4444-4445',
    );
  });

  test('that is asked for facts of its host is told nothing that is such a fact', () => {
    expect(complaints('hosts: { db1: { commands: { datadir: [find, "{datadir}"], port: [p, "{host}"] } } }')).toEqual([
      expect.stringContaining('commands.datadir has the unknown placeholder {datadir}'),
    ]);
  });

  test('whose name is a misspelt step is noted at its place; a name that is merely similar is not', () => {
    const text = `hosts:
  db1: { commands: { creatSnapshot: /x, aftercopy: /y, restore: /z, report: /r, top: /t } }
`;
    const result = parseInventory(text, { fileName: 'hosts.yaml', environment });
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
    expect(result.notes.map(formatProblem)).toEqual([
      'hosts.yaml:2:22 commands.creatSnapshot takes the place of no step, it is a command for reseed run, did you mean createSnapshot? If not, leave it',
      'hosts.yaml:2:41 commands.aftercopy takes the place of no step, it is a command for reseed run, did you mean afterCopy? If not, leave it',
    ]);
  });
});
