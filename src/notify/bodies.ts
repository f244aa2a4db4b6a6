// A message in the form of its channel: what a host said stays text there, and calls no one, links to nothing and formats nothing. Pure.
import { type Message, textOf } from './message.ts';

/**
 * Slack reads `<!channel>`, `<@U1>` and `<http://...|text>` in a text, unless its `&`, `<` and `>` are entities. Without mrkdwn, signs such as `*`
 * format nothing. It does not look at addresses that stand in a text.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export const slackBody = (message: Message): object => ({
  text: textOf(message).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
  mrkdwn: false,
  unfurl_links: false,
  unfurl_media: false,
});

/**
 * An Adaptive Card, as the webhooks of Teams' workflows take it. The runs of a RichTextBlock have no Markdown, as a TextBlock has. Its functions
 * of the date (`{{DATE(...)}}`) are taken apart.
 * https://adaptivecards.io/explorer/TextRun.html
 */
export function teamsBody({ title, lines, machine }: Message): object {
  const run = (text: string, more: object) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: text.replace(/\{(?=\{)/g, '{ '), ...more }],
  });
  const body = [
    run(title, { weight: 'Bolder' }),
    ...lines.map((line) => run(line, {})),
    run(`reseed on ${machine}`, { isSubtle: true }),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}

/** For programs. `id` is the same where a message comes twice: its sender may have been killed before it had noted the answer. */
export const plainBody = (id: string, { atMs, ...message }: Message): object => ({
  kind: 'reseed-event',
  version: 1,
  id,
  at: new Date(atMs).toISOString(),
  ...message,
  text: textOf({ ...message, atMs }),
});
