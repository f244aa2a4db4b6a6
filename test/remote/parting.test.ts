// The end of a connection whose host no longer reads: its machine is stopped, or has no power.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { partFrom } from '../../src/remote/ssh2/connect.ts';

test('a host that reads nothing more does not hold the process that has its answer', async () => {
  const server = createServer({ pauseOnConnect: true });
  const accepted = once(server, 'connection');
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const line = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = await accepted;
  onTestFinished(() => void far.destroy());
  // More bytes than the buffers of both ends hold.
  line.write(Buffer.alloc(64 * 1024 * 1024));
  line.on('error', () => undefined);
  const closed = once(line, 'close');
  partFrom(line);
  await closed;
  expect(line.destroyed).toBe(true);
});

test('what is still under way to a host that reads arrives', async () => {
  let heardBytes = 0;
  const server = createServer((far) => far.on('data', (chunk: Buffer) => (heardBytes += chunk.length)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const line = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(line, 'connect');
  line.write(Buffer.alloc(1024));
  partFrom(line);
  await expect.poll(() => heardBytes).toBe(1024);
});
