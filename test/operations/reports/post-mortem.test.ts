// What a report of a job says, as Markdown and as HTML, from a journal.
import { expect, test } from 'vitest';
import { htmlText } from '../../../src/operations/reports/as-html.ts';
import { markdownLines } from '../../../src/operations/reports/as-markdown.ts';
import { postMortem } from '../../../src/operations/reports/post-mortem.ts';
import { addJob } from '../../job/adding.ts';
import { jobStoreForEach } from '../../job/job-store.ts';
import { unitPlan } from '../../job/works.ts';

const store = jobStoreForEach();
const atMs = Date.UTC(2026, 10, 28, 2, 10, 11);
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys.
const obeyed = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/;
const carried = { abandoned: false };
const said = `<script>alert(1)</script> & "it" | 'that'\x1b]52;c;eA==\x07\r\n\x1b[2J\u202e\0`;

/** A job that has failed at its first step, with a command whose host says what no page may run. */
function document() {
  const { journal } = store();
  const { id } = addJob(journal, {
    key: '9f3a4c21',
    plan: { ...unitPlan('one', 'passes'), title: 'seed db1 → db3', destroys: ['227M in /srv/mysql on db3'] },
    targets: [],
    who: { account: 'ops', jumpHost: 'jump1', sudoUser: 'anna' },
  });
  journal.setJob(id, 'running');
  journal.setStep(id, 'held', 'running');
  journal.setProgress(id, 'held', { text: 'copying', doneBytes: 2048, totalBytes: 4096, lastError: 'db1 hung up' });
  journal.setStep(id, 'held', 'failed', { lost: { db3: 'no space left' } });
  journal.setStep(id, 'middle', 'skipped');
  journal.setJob(id, 'failed', 'db3: no space left');
  const command = {
    step: 'held',
    key: 'begin',
    host: 'db1',
    script: 'probe.sh',
    scriptSha256: 'ab',
    args: ['datadir=/srv'],
  };
  journal.addCommand(id, { ...command, startedMs: atMs, tookMs: 410, code: 1, said });
  journal.addCommand(id, { ...command, startedMs: atMs, tookMs: 30_000, said: 'connection lost' });
  const job = journal.job(id);
  if (!job) throw new Error('no job');
  const commands = journal.commands(id);
  return postMortem(job, {
    carried,
    commands,
    samples: journal.samples(id),
    untold: [],
    log: '/jobs/1.log',
    nowMs: atMs,
  });
}

test('a report tells the end and its reason, who asked, what was to be lost, each step, and each command with its status', () => {
  const text = markdownLines(document()).join('\n');
  for (const part of [
    '# Job 1: seed db1 → db3',
    '✖ failed after',
    '- db3: no space left',
    '| asked for by | anna (sudo ops)@jump1 |',
    '- 227M in /srv/mysql on db3',
    '2.0K of 4.0K | copying; last error: db1 hung up; db3 was given up: no space left |',
    '| 2026-11-28 02:10:11 UTC | db1 |',
    'probe.sh datadir=/srv | 0.41 s | 1 |',
    '30.00 s | no answer | connection lost |',
  ])
    expect(text).toContain(part);
});

test('a step that was passed over has no time at which it began', () => {
  const row = markdownLines(document()).find((line) => line.includes('| the middle |'));
  expect(row).toContain('skipped');
  expect(row).not.toMatch(/\d\d:\d\d/);
});

test('what a host said is text in a report: no tag, no cell and no attribute is made by it', () => {
  const document_ = document();
  expect(markdownLines(document_).join('\n')).toContain(String.raw`\<script\>alert(1)\</script\> & "it" \| 'that'`);
  const html = htmlText(document_);
  expect(html).not.toContain('<script');
  expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;it&#34; | &#39;that&#39;');
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).not.toMatch(/(?:src|href)=/);
  // A report is printed on a terminal too.
  for (const text of [html, markdownLines(document_).join('\n')]) expect(text).not.toMatch(obeyed);
});
