// Receivers of an inventory, and the mistakes in them.
import { describe, expect, test } from 'vitest';
import { complaints, inventoryOf } from './reading.ts';

const hosts = `clusters: { shop: {}, crm: {} }
hosts:
  db1: { cluster: shop, labels: { tier: gold } }
  db2: { cluster: shop }
  db3: { cluster: crm, labels: { tier: gold } }
`;
const receiver = (text: string) => complaints(`${hosts}notify:\n  team: ${text}\n`);

describe('receivers of the inventory', () => {
  test('are read in the order of the file, for all hosts or for those that fit', () => {
    const {
      notify,
      heartbeat,
      hosts: all,
    } = inventoryOf(`${hosts}notify:
  team: { to: slack, urlFile: ~/slack.url, clusters: shop, labels: { tier: gold }, on: [failed, done], again: 1 h }
  dba: { to: mail, recipients: [dba@example.com, ops@example.com] }
  pager: { to: command, run: [/usr/local/bin/page, --urgent], hosts: [db3] }
heartbeat: { urlVariable: BEAT_URL }
`);
    expect(notify).toEqual([
      {
        name: 'team',
        on: ['failed', 'done'],
        hosts: ['db1'],
        againMs: 3_600_000,
        way: { to: 'slack', url: { file: '/home/ops/slack.url' } },
      },
      {
        name: 'dba',
        on: ['needs-person', 'failed', 'missed', 'proof-failed'],
        againMs: 4 * 3_600_000,
        way: { to: 'mail', recipients: ['dba@example.com', 'ops@example.com'], sendmail: '/usr/sbin/sendmail' },
      },
      {
        name: 'pager',
        on: ['needs-person', 'failed', 'missed', 'proof-failed'],
        hosts: ['db3'],
        againMs: 4 * 3_600_000,
        way: { to: 'command', run: ['/usr/local/bin/page', '--urgent'] },
      },
    ]);
    expect(heartbeat).toEqual({ variable: 'BEAT_URL' });
    expect(all.map(({ name, notify: own = [] }) => [name, ...own.map((one) => one.name)])).toEqual([
      ['db1', 'team', 'dba'],
      ['db2', 'dba'],
      ['db3', 'dba', 'pager'],
    ]);
  });
});

describe('a mistake in a receiver is told at its place', () => {
  test.each([
    ['{ to: slak, urlFile: /a }', 'hosts.yaml:7:15 to is "slak", did you mean slack?'],
    ['{ to: slack, urlFile: /a, onn: failed }', 'hosts.yaml:7:35 unknown key "onn", did you mean on?'],
    ['{ to: slack, urlFile: /a, on: faild }', 'hosts.yaml:7:39 on is "faild", did you mean failed?'],
    ['{ to: slack, urlFile: /a, hosts: db9 }', 'hosts.yaml:7:42 unknown host "db9", did you mean db1?'],
    ['{ to: slack, urlFile: /a, clusters: shpo }', 'hosts.yaml:7:45 unknown cluster "shpo", did you mean shop?'],
    [
      '{ to: mail, recipients: "-oQ/tmp@x, y" }',
      'hosts.yaml:7:33 recipients is "-oQ/tmp@x, y", write an address as in dba@example.com',
    ],
    [
      '{ to: mail, urlFile: /a, recipients: a@b }',
      'hosts.yaml:7:21 urlFile is for to: slack, teams, webhook, and notify "team" is mail, leave it out',
    ],
    [
      '{ to: command }',
      'hosts.yaml:7:3 run is missing: notify "team" is command, write run: [/PATH/OF/PROGRAM, ARGUMENT...]',
    ],
    [
      'slack',
      'hosts.yaml:7:9 notify "team" is "slack", write a map: { to: slack, urlFile: ~/.config/reseed/slack.url }',
    ],
    [
      '{ to: slack, urlFile: /a, labels: { tier: lead } }',
      'hosts.yaml:7:3 notify "team" is told of no host, name other hosts, clusters or labels',
    ],
  ])('%s', (text, told) => {
    expect(receiver(text)).toContain(told);
  });

  test('a URL in the inventory is refused, and is not repeated in the message', () => {
    const secret = 'https://hooks.slack.com/services/T0/B0/sEcReT';
    for (const key of ['url', 'urlFile', 'urlVariable']) {
      const said = receiver(`{ to: slack, ${key}: "${secret}" }`).join('\n');
      expect(said).toMatch(/url/);
      expect(said).not.toMatch(/sEcReT|hooks\.slack/);
    }
  });

  test.each([
    ['notify: { team: SECRET }', '4:17 notify "team" is a text that is not repeated here, write a map: '],
    ['notify: SECRET', '4:9 notify is a text that is not repeated here, write a map from name to settings'],
    ['notify: { SECRET }', '4:11 a receiver cannot be named that is not repeated here'],
    ['notify: { team: { SECRET } }', '4:19 unknown key that is not repeated here'],
    ['notify: { team: { to: SECRET } }', '4:23 to is a text that is not repeated here'],
    ['notify: { team: { to: mail, recipients: SECRET } }', '4:41 recipients is a text that is not repeated here'],
    ['notify: { team: { to: command, run: curl SECRET } }', '4:37 run is a text that is not repeated here'],
    ['heartbeat: SECRET', '4:12 heartbeat is a text that is not repeated here, write a map: '],
    [
      'history: mysql://reseed:SECRET@10.0.0.5/reseed',
      '4:10 history is "mysql://...@10.0.0.5/reseed", write it without',
    ],
    ['history: { store: mysql://u:SECRET@127.0.0.1/r }', '4:19 store is "mysql://...@127.0.0.1/r", write it without'],
    ['history: { store: mysql://127.0.0.1/r, key: abcSECRET }', '4:45 key is a text that is not repeated here'],
    ['history: { store: mysql://127.0.0.1/r, account: SECRET }', '4:49 account is a text that is not repeated here'],
  ])('a secret that was written in the wrong place is kept out of the message, which a tick logs: %s', (text, told) => {
    const secret = text.includes('mysql') ? 'sEcReT' : 'https://hooks.slack.com/services/T0/B0/sEcReT';
    const said = complaints(`hosts:\n  db1: {}\n\n${text.replace('SECRET', secret)}\n`).join('\n');
    expect(said).toContain(`hosts.yaml:${told}`);
    expect(said).not.toMatch(/sEcReT|hooks\.slack/);
  });
});
