// Takes the part of a console that dies: runs a long command on the target in RESEED_TEST_TARGET until a test kills it.
import { openRemotes } from '../../src/remote/open.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';

const target: RemoteTarget = JSON.parse(process.env.RESEED_TEST_TARGET ?? '');
const remotes = openRemotes({ environment: process.env });
await remotes.open(target).exec('sleep "$1"', process.argv.slice(2), { deadlineMs: 3_600_000 });
