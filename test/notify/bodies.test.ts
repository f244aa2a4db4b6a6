// What a hostile host can make of a message: nothing but text.
import { describe, expect, test } from 'vitest';
import { plainBody, slackBody, teamsBody } from '../../src/notify/bodies.ts';
import { mailText } from '../../src/notify/mail.ts';
import { message } from '../../src/notify/message.ts';
import { jsonText } from '../../src/text/json.ts';

const hostile = message({
  events: ['failed'],
  title: '✖ failed: job 3, seed <!channel> → db\u202e3\r\nBcc: all@example.com',
  lines: [
    'error \u001b]8;;http://evil\u0007click\u001b]8;;\u0007 & <http://evil|all is well> *bold* @channel',
    '[all is well](http://evil) {{DATE(2017-02-14T06:08:39Z)}} <at>Bob</at>',
    '.',
    'x'.repeat(5000),
  ],
  hosts: ['db\n3'],
  machine: 'jump1',
  atMs: Date.parse('2026-05-01T02:30:00Z'),
});

/** No C0 or C1 but line ends, no bidi override. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

describe('a message from a hostile host', () => {
  test('calls no one in Slack, links to nothing and has no markup', () => {
    const body = slackBody(hostile);
    expect(body).toMatchObject({ mrkdwn: false, unfurl_links: false, unfurl_media: false });
    const { text } = body as { text: string };
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).toContain('&amp; &lt;http://evil|all is well&gt;');
    expect(text).not.toMatch(control);
  });

  test('is text without Markdown in Teams, and no function of a card', () => {
    const text = jsonText(teamsBody(hostile));
    expect(text).not.toMatch(/"TextBlock"/);
    expect(text).toContain('[all is well](http://evil)');
    expect(text).not.toContain('{{');
    expect(text).toContain('{ {DATE(');
  });

  test('fits into a message of Teams, in whatever language a server reports its errors', () => {
    for (const sign of ['複', '"', 'ж', '😀', '{']) {
      const lines = Array.from({ length: 40 }, () => sign.repeat(5000));
      const long = message({ ...hostile, title: sign.repeat(5000), lines });
      expect(Buffer.byteLength(jsonText(teamsBody(long)))).toBeLessThan(28_000);
      expect(long.title.startsWith(sign)).toBe(true);
      expect(long.title).not.toContain('\ufffd');
    }
  });

  test('reaches a program as one line of JSON, cleaned', () => {
    const text = jsonText(plainBody('id1', hostile));
    expect(text).not.toContain('\n');
    expect(text).not.toMatch(control);
    expect(JSON.parse(text)).toMatchObject({ kind: 'reseed-event', version: 1, id: 'id1', hosts: ['db 3'] });
    expect(text.length).toBeLessThan(8000);
  });

  test('adds no header to a mail, and no line that ends it', () => {
    const text = mailText('id1', hostile, { recipients: ['a@example.com', 'b@example.com'], from: 'r@example.com' });
    const [head = '', body = ''] = text.split('\n\n');
    const names = head
      .split('\n')
      .filter((line) => !line.startsWith(' '))
      .map((line) => line.split(':')[0]);
    expect(names).toEqual([
      'From',
      'To',
      'Subject',
      'X-Reseed-Event',
      'Auto-Submitted',
      'MIME-Version',
      'Content-Type',
      'Content-Transfer-Encoding',
    ]);
    expect(head).not.toContain('Bcc: all');
    for (const line of text.split('\n')) expect(line).toMatch(/^[ -~]{0,78}$/);
    expect(body.split('\n')).not.toContain('.');
    expect(Buffer.from(body, 'base64').toString('utf8')).toContain('seed <!channel> → db3');
  });
});
