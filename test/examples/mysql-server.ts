// A small server of MySQL's protocol: handshake v10, mysql_native_password, COM_QUERY with text results. It knows no SQL.
// https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';

export type Row = readonly (string | number | null)[];
/** Rows, with as many columns; or nothing, of a statement without a result. */
export type Answer = { readonly columns: readonly string[]; readonly rows: readonly Row[] } | undefined;

export interface Served {
  readonly user: string;
  readonly password: string;
  /** What it throws is the error that the client gets. */
  readonly answer: (sql: string) => Answer;
  /** Whether the connection is to be cut, in place of an answer. */
  readonly cuts: (sql: string) => boolean;
}

export interface MysqlServer {
  readonly port: number;
  close(): Promise<void>;
}

// LONG_PASSWORD, LONG_FLAG, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH
const abilities = 0x1 | 0x4 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000;
const plugin = 'mysql_native_password';
const autocommit = 2;
const utf8 = 33;
const varString = 0xfd;

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)]);
const ended = (text: string) => Buffer.from(`${text}\0`);
const counted = (text: string) => {
  const bytes = Buffer.from(text);
  const length =
    bytes.length < 251 ? Buffer.from([bytes.length]) : Buffer.concat([Buffer.from([0xfc]), u16(bytes.length)]);
  return Buffer.concat([length, bytes]);
};

const ok = Buffer.concat([Buffer.from([0, 0, 0]), u16(autocommit), u16(0)]);
const eof = Buffer.concat([Buffer.from([0xfe]), u16(0), u16(autocommit)]);
const failure = (code: number, state: string, text: string) =>
  Buffer.concat([Buffer.from([0xff]), u16(code), Buffer.from(`#${state}${text}`)]);

const greeting = (nonce: Buffer) =>
  Buffer.concat([
    Buffer.from([10]),
    ended('8.0.30'),
    u32(1),
    nonce.subarray(0, 8),
    Buffer.from([0]),
    u16(abilities & 0xffff),
    Buffer.from([utf8]),
    u16(autocommit),
    u16(abilities >> 16),
    Buffer.from([nonce.length + 1]),
    Buffer.alloc(10),
    nonce.subarray(8),
    Buffer.from([0]),
    ended(plugin),
  ]);

const column = (name: string) =>
  Buffer.concat([
    ...['def', '', '', '', name, name].map(counted),
    Buffer.from([0x0c]),
    u16(utf8),
    u32(1024),
    Buffer.from([varString]),
    u16(0),
    Buffer.alloc(3),
  ]);

const row = (cells: Row) =>
  Buffer.concat(cells.map((cell) => (cell === null ? Buffer.from([0xfb]) : counted(String(cell)))));

const packetsOf = (answer: Answer): Buffer[] =>
  answer === undefined
    ? [ok]
    : [Buffer.from([answer.columns.length]), ...answer.columns.map(column), eof, ...answer.rows.map(row), eof];

const sha1 = (...parts: readonly Buffer[]) => createHash('sha1').update(Buffer.concat(parts)).digest();

function proof(password: string, nonce: Buffer): Buffer {
  const first = sha1(Buffer.from(password));
  const mask = sha1(nonce, sha1(first));
  return first.map((byte, at) => byte ^ (mask[at] ?? 0)) as Buffer;
}

function loginOf(packet: Buffer): { user: string; proof: Buffer } {
  const rest = packet.subarray(32);
  const userEnd = rest.indexOf(0);
  const length = rest[userEnd + 1] ?? 0;
  return { user: rest.toString('utf8', 0, userEnd), proof: rest.subarray(userEnd + 2, userEnd + 2 + length) };
}

function serve(socket: Socket, { user, password, answer, cuts }: Served): void {
  const nonce = Buffer.from(randomBytes(20).map((byte) => (byte % 94) + 33));
  let isIn = false;
  let rest: Buffer = Buffer.alloc(0);
  const send = (from: number, packets: readonly Buffer[]) => {
    for (const [at, packet] of packets.entries()) {
      const { length } = packet;
      socket.write(Buffer.concat([u16(length & 0xffff), Buffer.from([length >> 16, (from + at) & 0xff]), packet]));
    }
  };
  const logIn = (packet: Buffer): Buffer => {
    const login = loginOf(packet);
    isIn = login.user === user && login.proof.equals(proof(password, nonce));
    return isIn
      ? ok
      : failure(1045, '28000', `ProxySQL Error: Access denied for user '${login.user}' (using password: YES)`);
  };
  const reply = (packet: Buffer): Buffer[] | 'cut' => {
    const sql = packet.toString('utf8', 1);
    if (packet[0] === 0x01) return 'cut';
    if (packet[0] !== 0x03) return [failure(1047, '08S01', 'unknown command')];
    if (cuts(sql)) return 'cut';
    try {
      return packetsOf(answer(sql));
    } catch (error) {
      return [failure(1064, '42000', `ProxySQL Admin Error: ${error instanceof Error ? error.message : error}`)];
    }
  };
  const take = (sequence: number, packet: Buffer) => {
    const replies = isIn ? reply(packet) : [logIn(packet)];
    if (replies === 'cut') return socket.destroy();
    send(sequence + 1, replies);
    return isIn ? socket : socket.end();
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const end = 4 + rest.readUIntLE(0, 3);
      const [sequence, packet] = [rest[3] ?? 0, rest.subarray(4, end)];
      rest = rest.subarray(end);
      take(sequence, packet);
    }
  });
  send(0, [greeting(nonce)]);
}

export async function serveMysql(served: Served): Promise<MysqlServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    serve(socket, served);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
