// A receiver on loopback that answers as a test says, and what it was told.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpReceiver {
  readonly url: string;
  readonly got: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly id: string;
    readonly authorization: string;
  }[];
  close(): Promise<void>;
}

export async function httpReceiver(answer: (response: ServerResponse, number: number) => void): Promise<HttpReceiver> {
  const got: HttpReceiver['got'] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', url = '', headers } = request;
    got.push({
      method,
      path: url,
      body: Buffer.concat(parts).toString('utf8'),
      id: String(headers['idempotency-key'] ?? ''),
      authorization: headers.authorization ?? '',
    });
    answer(response, got.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T0/B0/sEcReT`,
    got,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(code, headers).end('said');
  };
