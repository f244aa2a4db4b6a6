// Every method of a seed, with the same data and the same load: how long it took, what went over the wire, for how long a
// writer on the donor had to wait, what it cost both sides in CPU, and how long until the target had caught up. The kernels of the
// hosts counted it, so that all methods are measured alike; each is compared with the snapshot of the same vendor.
// Needs the practice fleet with as much data as is asked for: npx reseed drill up db1 db2 db3 db4 db5 --data 1G
// A pair of which a host is not up is left out: two machines at a time leave the cores to the two that are measured.
import { execa } from 'execa';
import { shortSize } from '../src/text/amounts.ts';
import { type Figure, figure, tell } from './figures.ts';
import { notUp } from './needs.ts';
import { inside, onHost, reseedWords } from './practice.ts';

interface Pair {
  readonly donor: string;
  readonly target: string;
}
const pairs: readonly Pair[] = [
  { donor: 'db1', target: 'db3' },
  { donor: 'db4', target: 'db5' },
];

interface Way {
  readonly name: string;
  readonly usable: boolean;
  readonly against: readonly { readonly text: string }[];
}

interface Spent {
  readonly seconds: number;
  readonly caughtUpSeconds: number;
  readonly wireBytes: number;
  readonly slowestMs: number;
  readonly donorCpu: number;
  readonly targetCpu: number;
}

export async function seedMethods(): Promise<void> {
  for (const pair of pairs) {
    const { donor, target } = pair;
    if ((await notUp([donor, target])).length > 0) {
      tell(`${donor} → ${target}`, 'not up');
      continue;
    }
    const { methods } = await json<{ methods: readonly Way[] }>('methods', donor, target, '--json');
    tell(`${donor} → ${target}`, ...columns);
    const found: Spent[] = [];
    for (const { name, usable, against } of methods) {
      if (!usable) {
        tell(`  ${name}`, `not here: ${against[0]?.text ?? '?'}`);
        continue;
      }
      tell(`  ${name}`, ...(await measured(pair, name, found)));
    }
  }
}

/** The cells of its row. The others are measured all the same where it failed. */
async function measured(pair: Pair, method: string, found: Spent[]): Promise<readonly (string | Figure)[]> {
  try {
    const spent = await spentBy(pair, method);
    found.push(spent);
    return cellsOf(spent, found[0] ?? spent);
  } catch (error) {
    process.exitCode = 1;
    return [`failed: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const columns = ['time', 'of the first', 'wire', 'slowest insert', 'CPU donor', 'CPU target', 'caught up in'];
const cellsOf = (spent: Spent, first: Spent) => [
  figure(spent.seconds, 's'),
  figure(spent.seconds / first.seconds, 'x', 2),
  { value: spent.wireBytes, unit: 'bytes', text: shortSize(spent.wireBytes) },
  figure(spent.slowestMs, 'ms'),
  figure(spent.donorCpu, 's', 1),
  figure(spent.targetCpu, 's', 1),
  figure(spent.caughtUpSeconds, 's', 1),
];

interface Job {
  readonly id: number;
  readonly state: string;
  readonly error?: string;
  readonly createdMs: number;
  readonly endedMs: number;
  readonly steps: readonly { readonly name: string; readonly startedMs?: number; readonly endedMs?: number }[];
}

async function spentBy({ donor, target }: Pair, method: string): Promise<Spent> {
  await onHost(donor, `mysql <<'SQL'\n${writer}\nSQL`);
  const writing = onHost(donor, `mysql -N ${schema} -e 'CALL write_until_told()'`);
  const before = await countsOf(donor, target);
  const { id } = await json<Job>('seed', donor, target, '--method', method, `--yes=${target}`, '--json');
  const [node, script] = reseedWords;
  await execa(node, [script, 'drill', 'exec', '--', ...reseedWords, 'job', 'attach', String(id)], { reject: false });
  const after = await countsOf(donor, target);
  await onHost(donor, `mysql -e 'DROP TABLE ${schema}.goes_on'`);
  const slowestMs = Number((await writing).trim()) / 1000;
  const job = await json<Job>('job', 'show', String(id), '--json');
  if (job.state !== 'done') throw new Error(`the seed by ${method} is ${job.state}: ${job.error ?? ''}`);
  const caught = job.steps.find(({ name }) => name === `catch up ${target}`);
  return {
    seconds: (job.endedMs - job.createdMs) / 1000,
    caughtUpSeconds: ((caught?.endedMs ?? 0) - (caught?.startedMs ?? 0)) / 1000,
    wireBytes: after.received - before.received,
    slowestMs,
    donorCpu: after.donorCpu - before.donorCpu,
    targetCpu: after.targetCpu - before.targetCpu,
  };
}

const json = async <T>(...words: string[]): Promise<T> => JSON.parse(await inside(...reseedWords, ...words)) as T;

async function countsOf(donor: string, target: string) {
  const [donorCpu = Number.NaN] = await counted(donor);
  const [targetCpu = Number.NaN, received = Number.NaN] = await counted(target);
  return { donorCpu, targetCpu, received };
}

/** Seconds of CPU of all programs of the host, and bytes that it has received, since its start. */
async function counted(host: string): Promise<number[]> {
  const told = await onHost(
    host,
    `awk '$1 == "cpu" { print ($2 + $3 + $4 + $7 + $8) / 100 }' /proc/stat; awk -F '[: ]+' '/:/ && !/ lo:/ { sub(/^ +/, ""); sum += $2 } END { print sum }' /proc/net/dev`,
  );
  return told.split('\n').map(Number);
}

const schema = 'reseed_bench';

/** Commits a row every 5 ms until its table of orders is dropped, and prints its slowest insert in microseconds. */
const writer = `
DROP DATABASE IF EXISTS ${schema};
CREATE DATABASE ${schema};
CREATE TABLE ${schema}.rows_written (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(40));
CREATE TABLE ${schema}.goes_on (id INT PRIMARY KEY);
DELIMITER //
CREATE PROCEDURE ${schema}.write_until_told()
BEGIN
  DECLARE told BOOL DEFAULT FALSE;
  DECLARE begun DATETIME(6);
  DECLARE slowest BIGINT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR 1146 SET told = TRUE;
  WHILE NOT told DO
    SET begun = SYSDATE(6);
    INSERT INTO ${schema}.rows_written (note) VALUES ('a row');
    SET slowest = GREATEST(slowest, TIMESTAMPDIFF(MICROSECOND, begun, SYSDATE(6)));
    DO SLEEP(0.005);
    SELECT COUNT(*) INTO @orders FROM ${schema}.goes_on;
  END WHILE;
  SELECT slowest;
END //
DELIMITER ;
`;
