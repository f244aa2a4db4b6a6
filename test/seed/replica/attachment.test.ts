// What a plan reads from a target for its attachment.
import { expect, test } from 'vitest';
import { attachmentOf } from '../../../src/seed/replica/attachment.ts';
import { targetSteps } from '../../../src/seed/target/target-steps.ts';
import { request, side } from '../sides.ts';

test('a target whose server starts over and over, and tells no error log, has the one that its program was asked for', () => {
  const silent = { ok: false, why: 'it does not answer' } as const;
  const places = [{ kind: 'error-log', path: '/var/log/mysql/error.log' }];
  const target = side('db3', { places }, { server: silent, config: silent, errorLog: silent });
  const seed = request(side('db2'), [target]);
  const attachment = attachmentOf(seed, target);
  expect(attachment).toMatchObject({ ok: true, plan: { errorLog: '/var/log/mysql/error.log' } });
  const [remember] = targetSteps({ request: seed, target, unit: 'mysql', index: 0 }).remember;
  expect(remember?.commands.restart?.args).toContain('log=/var/log/mysql/error.log');
});
