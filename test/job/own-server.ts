// The server of a host that is this machine, where jobs are run: it is away, and no other test's. Jobs lock its datadir. On an sshd that is alone: else reseed
// takes the one server that it sees, of a test beside this one, for the host's.
import { join } from 'node:path';

export const ownServer = (folder: string) => ({ socket: join(folder, 'mysql.sock'), datadir: join(folder, 'data') });
