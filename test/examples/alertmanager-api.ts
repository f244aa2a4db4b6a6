// The part of Alertmanager's API v2 that a silence needs. What its schema refuses is answered with 400, as there.
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const matcher = z.strictObject({
  name: z.string().min(1),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().optional(),
});
const postableSilence = z.strictObject({
  id: z.string().optional(),
  matchers: z.array(matcher).min(1),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  createdBy: z.string().min(1),
  comment: z.string().min(1),
});
type PostableSilence = z.infer<typeof postableSilence>;
interface Silence extends PostableSilence {
  readonly id: string;
  isExpired: boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export class Alertmanager {
  readonly silences: Silence[] = [];
  readonly requests: string[] = [];
  /** What the header has to be. */
  authorization: string | undefined;
  /** In place of an answer: a status, or `cut` after the request was carried out. */
  fault: (request: string) => number | 'cut' | undefined = () => undefined;
  readonly #server: Server;

  readonly #isTls: boolean;

  /** `tls`: key and certificate as PEM. */
  private constructor(tls: { readonly key: string; readonly cert: string } | undefined) {
    const serve = (request: IncomingMessage, response: ServerResponse) => this.#serve(request, response);
    this.#server = tls ? createTlsServer(tls, serve) : createServer(serve);
    this.#isTls = tls !== undefined;
  }

  static async start(tls?: { readonly key: string; readonly cert: string }): Promise<Alertmanager> {
    const one = new Alertmanager(tls);
    await new Promise<void>((done) => one.#server.listen(0, '127.0.0.1', done));
    return one;
  }

  get url(): string {
    const address = this.#server.address();
    return `${this.#isTls ? 'https' : 'http'}://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  get active(): Silence[] {
    return this.silences.filter((silence) => !silence.isExpired);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    this.requests.push(line);
    const fault = this.fault(line);
    const { status, body } =
      typeof fault === 'number' ? { status: fault, body: 'it went wrong' } : await this.#answer(request);
    if (fault === 'cut') {
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const body = await text(request);
    if (request.headers.authorization !== this.authorization) return { status: 401, body: 'Unauthorized' };
    if (request.url === '/api/v2/silences') {
      if (request.method === 'GET') return { status: 200, body: this.silences.map(gettable) };
      return request.headers['content-type'] === 'application/json' ? this.#post(body) : { status: 415 };
    }
    const id = /^\/api\/v2\/silence\/([0-9a-f-]{36})$/.exec(request.url ?? '')?.[1];
    const silence = this.silences.find((one) => one.id === id);
    if (!silence) return { status: 404 };
    if (request.method === 'GET') return { status: 200, body: gettable(silence) };
    if (silence.isExpired) return { status: 500, body: `silence ${id} already expired` };
    silence.isExpired = true;
    return { status: 200 };
  }

  #post(body: string): Answer {
    const asked = postableSilence.safeParse(JSON.parse(body));
    if (!asked.success) return { status: 400, body: z.prettifyError(asked.error) };
    const { data } = asked;
    if (data.endsAt <= data.startsAt || Date.parse(data.endsAt) < Date.now())
      return { status: 400, body: 'end time must not be in the past, nor before the start' };
    const before = this.silences.find((one) => one.id === data.id);
    if (data.id !== undefined && !before) return { status: 404 };
    const isSame =
      before &&
      !before.isExpired &&
      before.startsAt === data.startsAt &&
      JSON.stringify(before.matchers) === JSON.stringify(data.matchers);
    if (isSame) {
      Object.assign(before, data);
      return { status: 200, body: { silenceID: before.id } };
    }
    if (before) before.isExpired = true;
    const id = randomUUID();
    this.silences.push({ ...data, id, isExpired: false });
    return { status: 200, body: { silenceID: id } };
  }
}

const gettable = ({ isExpired, ...silence }: Silence) => ({
  ...silence,
  updatedAt: silence.startsAt,
  status: { state: isExpired ? 'expired' : 'active' },
});
