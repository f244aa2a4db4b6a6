#!/usr/bin/env node
// A hook of reseed: takes servers out of hostgroups of a ProxySQL, and puts them back in steps of their weight.
//   proxysql.mjs out [CONFIG [ADDRESS:PORT]]   OFFLINE_SOFT; ends when no connection is in use any more
//   proxysql.mjs check [CONFIG [ADDRESS:PORT]] changes nothing: whether out would find the configuration, the login and the servers
//   proxysql.mjs in  [CONFIG [ADDRESS:PORT]]   ONLINE with weight 0, then each step once replication lag is 0
// The hosts are those of the job's facts on standard input, or the one of the last argument. CONFIG is proxysql.json beside this file, if it
// is not given. It is one file without imports of its own, so that the SHA-256 in the plan is that of all of it.
//
// The weight is kept in a file before it is changed. Only a server with such a file is put back, and only from a state that this hook sets:
// so a second run goes on where a killed one ended, and no weight is raised that was not lowered here.
// ProxySQL measures the lag of servers with max_replication_lag above 0 that are not OFFLINE, and sends no connection to one of weight 0:
// https://proxysql.com/documentation/main-runtime/#mysql_servers
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const queryDeadlineMs = 20_000;

const say = (text) => process.stdout.write(`${text}\n`);

/** What ends this hook: what happened, and what to do. */
class Refused extends Error {}

const clean = (text) =>
  text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 300);

/** `open`: bits of the mode that no other account may have. */
function checkFile(path, open, advice) {
  let found;
  try {
    found = statSync(path);
  } catch (error) {
    throw new Refused(`${path} can't be read: ${error.code}; ${advice}`);
  }
  if (found.uid !== process.getuid() && found.uid !== 0)
    throw new Refused(`${path} belongs to another account; chown it`);
  if ((found.mode & open) !== 0) throw new Refused(`${path} is open to other accounts; chmod 600 ${path}`);
}

/** Another configuration of the same name, in another folder, has another state. */
const stateName = (path) =>
  `${basename(path, '.json')}-${createHash('sha256').update(resolve(path)).digest('hex').slice(0, 8)}`;

function readConfig(path) {
  checkFile(path, 0o022, 'write it: see proxysql.json of the examples');
  let given;
  try {
    given = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Refused(`${path} is no JSON: ${clean(error.message)}; mend it there`);
  }
  if (typeof given !== 'object' || given === null) throw new Refused(`${path} has to be a map in JSON; mend it there`);
  const usual = {
    client: 'mysql',
    steps: [6, 25, 56, 100],
    stepSeconds: 30,
    drainSeconds: 60,
    lagSeconds: 300,
    servers: {},
    allowLast: false,
    state: join(homedir(), '.local/state/reseed-hooks', stateName(path)),
  };
  const config = { ...usual, ...given };
  const { optionFile, hostgroups, steps } = config;
  const wrong = (what) => new Refused(`${path}: ${what}; see proxysql.json of the examples`);
  const known = [...Object.keys(usual), 'optionFile', 'hostgroups'];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(`${clean(unknown)} is no setting (${known.join(', ')})`);
  if (typeof optionFile !== 'string') throw wrong('optionFile, the option file of the mysql client, is missing');
  if (!Array.isArray(hostgroups) || hostgroups.length === 0 || !hostgroups.every(Number.isInteger))
    throw wrong('hostgroups has to be a list of numbers');
  if (!Array.isArray(steps) || steps.at(-1) !== 100 || !steps.every((one, at) => one > (steps[at - 1] ?? 0)))
    throw wrong('steps have to rise, and to end with 100');
  for (const name of ['stepSeconds', 'drainSeconds', 'lagSeconds'])
    if (!(config[name] >= 0)) throw wrong(`${name} has to be a number of seconds`);
  checkFile(optionFile, 0o077, 'it has host, port, user and password of the admin under [client]');
  return config;
}

/** Rows of words, of the last statement. The password is in the option file alone: not in the arguments, and not in the environment. */
async function query({ client, optionFile }, sql) {
  const { PATH, HOME } = process.env;
  const child = spawn(
    client,
    [`--defaults-file=${optionFile}`, '--batch', '--skip-column-names', '--connect-timeout=10'],
    {
      // MySQL's client reads ~/.mylogin.cnf after --defaults-file too.
      env: { PATH, HOME, LC_ALL: 'C', MYSQL_TEST_LOGIN_FILE: '/dev/null' },
      signal: AbortSignal.timeout(queryDeadlineMs),
      killSignal: 'SIGKILL',
    },
  );
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  // A client that ends before it has read all of it.
  child.stdin.on('error', () => undefined).end(sql);
  const { code, error } = await new Promise((done) => {
    child.on('error', (error) => done({ error })).on('close', (code) => done({ code }));
  });
  const where = `with the settings of ${optionFile}`;
  const away = (said) =>
    new Refused(
      `ProxySQL's admin did not answer ${where}: ${said}; see host and port there, and whether ProxySQL runs`,
    );
  if (error?.name === 'AbortError') throw away(`nothing within ${queryDeadlineMs / 1000} s`);
  if (error)
    throw new Refused(
      `the program ${client} can't be run: ${error.code}; install a mysql or mariadb client, or name it in client`,
    );
  if (code === 0)
    return output.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
  const said = clean(output.stderr) || 'no answer';
  if (/ERROR 1045/.test(said))
    throw new Refused(`ProxySQL refused the login ${where}: ${said}; see user and password there`);
  if (code === null || /ERROR 20\d\d/.test(said)) throw away(said);
  throw new Refused(`ProxySQL refused a statement: ${said}`);
}

const rowsOf = async (config, table) =>
  (await query(config, `SELECT hostgroup_id, hostname, port, status, weight FROM ${table};`)).map(
    ([hostgroup, hostname, port, status, weight]) => ({
      hostgroup: Number(hostgroup),
      server: `${hostname}:${port}`,
      status,
      weight: Number(weight),
    }),
  );

/** ProxySQL's monitor shuns and unshuns a server that is ONLINE. */
const configured = (status) => (status === 'SHUNNED' ? 'ONLINE' : status);
const shown = ({ status, weight }) => `${configured(status)} ${weight}`;
const isOf = (hostgroup, server) => (row) => row.hostgroup === hostgroup && row.server === server;

/** LOAD takes over all of mysql_servers: it must not bring live what another has only begun. */
async function readServers(config, server) {
  for (let tries = 1; ; tries++) {
    const memory = await rowsOf(config, 'mysql_servers');
    const runtime = await rowsOf(config, 'runtime_mysql_servers');
    const differs = (one, others) => {
      const other = others.find(isOf(one.hostgroup, one.server));
      return one.server !== server && (other ? shown(other) !== shown(one) : one.status !== 'OFFLINE_HARD');
    };
    const other = memory.find((one) => differs(one, runtime)) ?? runtime.find((one) => differs(one, memory));
    if (!other) return { memory, runtime };
    if (tries === 5)
      throw new Refused(
        `mysql_servers of ProxySQL has changes that are not live (${other.server} in hostgroup ${other.hostgroup}); LOAD MYSQL SERVERS TO RUNTIME or SAVE MYSQL SERVERS TO MEMORY, then run this again`,
      );
    // Another hook may be between its two statements.
    await sleep(1000);
  }
}

const whereOf = (server) => {
  const [, hostname, port] = /^(.*):(\d+)$/.exec(server);
  return { hostname, port };
};

/** `rows`: those to be changed, with the new `status` and `weight`. */
async function setServer(config, server, rows) {
  const { hostname, port } = whereOf(server);
  const updates = rows.map(
    ({ hostgroup, status, weight }) =>
      `UPDATE mysql_servers SET status='${status}', weight=${weight} WHERE hostgroup_id=${hostgroup} AND hostname='${hostname}' AND port=${port};`,
  );
  await query(config, [...updates, 'LOAD MYSQL SERVERS TO RUNTIME;'].join('\n'));
  const runtime = await rowsOf(config, 'runtime_mysql_servers');
  for (const row of rows) {
    const live = runtime.find(isOf(row.hostgroup, server));
    if (!live || shown(live) !== shown(row))
      throw new Refused(
        `${server} in hostgroup ${row.hostgroup} of ProxySQL is ${live ? shown(live) : 'gone'}, and was set to ${shown(row)}; see who else changes it`,
      );
    say(`${server} in hostgroup ${row.hostgroup}: ${row.status}, weight ${row.weight}`);
  }
}

const weightAt = (weight, percent) => Math.min(weight, Math.max(1, Math.round((weight * percent) / 100)));

/** Whether this hook could have left the server like that, whose weight was `kept`. */
function isOurs({ status, weight }, kept, { steps }) {
  if (status === 'OFFLINE_SOFT') return weight === kept.weight;
  return status === 'ONLINE' && (weight === 0 || steps.some((percent) => weight === weightAt(kept.weight, percent)));
}

const stateFile = ({ state }, server) => join(state, `${server.replace(':', '_')}.json`);

function readState(config, server) {
  const path = stateFile(config, server);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Refused(
      `${path} can't be read: ${clean(error.message)}; put the weight of ${server} back by hand, and remove the file`,
    );
  }
}

/** On disk before ProxySQL is changed. */
function writeState(config, server, host, rows) {
  mkdirSync(config.state, { recursive: true, mode: 0o700 });
  checkFile(config.state, 0o022, '');
  const path = stateFile(config, server);
  const file = openSync(`${path}.part`, 'w', 0o600);
  writeSync(file, `${JSON.stringify({ server, host, rows })}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.part`, path);
}

function rowsIn(memory, config, server) {
  const found = memory.filter((row) => row.server === server && config.hostgroups.includes(row.hostgroup));
  if (found.length === 0)
    throw new Refused(
      `ProxySQL has no server ${server} in hostgroup ${config.hostgroups.join(', ')}; write its name there under servers of the configuration, or null if it is not behind this ProxySQL`,
    );
  return found;
}

async function check(config, server) {
  rowsIn(await rowsOf(config, 'mysql_servers'), config, server);
  say(`${server} is in ProxySQL`);
}

async function takeOut(config, server, host) {
  const { memory, runtime } = await readServers(config, server);
  const found = rowsIn(memory, config, server);
  const before = readState(config, server)?.rows ?? [];
  const rows = found.flatMap((row) => {
    const kept = before.find(({ hostgroup }) => hostgroup === row.hostgroup);
    if (kept && isOurs(row, kept, config)) return [kept];
    return configured(row.status) === 'ONLINE' ? [{ hostgroup: row.hostgroup, weight: row.weight }] : [];
  });
  if (rows.length === 0) return say(`${server} is out already, and not by this hook: it is left so`);
  for (const { hostgroup } of rows) {
    const others = runtime.filter((row) => row.hostgroup === hostgroup && row.server !== server);
    if (!config.allowLast && !others.some(({ status, weight }) => status === 'ONLINE' && weight > 0))
      throw new Refused(
        `${server} is the last server of hostgroup ${hostgroup} that is ONLINE; bring back another, or set allowLast in the configuration`,
      );
  }
  writeState(config, server, host, rows);
  await setServer(
    config,
    server,
    rows.map((row) => ({ ...row, status: 'OFFLINE_SOFT' })),
  );
  await stillServed(config, server, rows);
}

/** Another hook, of this job or of another, may have taken the other server out in the same moment: then both put back, and refuse. */
async function stillServed(config, server, rows) {
  if (config.allowLast) return;
  const runtime = await rowsOf(config, 'runtime_mysql_servers');
  const isServed = ({ hostgroup }) =>
    runtime.some(
      (row) => row.hostgroup === hostgroup && row.server !== server && row.status === 'ONLINE' && row.weight > 0,
    );
  const empty = rows.find((row) => !isServed(row));
  if (!empty) return;
  await setServer(
    config,
    server,
    rows.map((row) => ({ ...row, status: 'ONLINE' })),
  );
  rmSync(stateFile(config, server));
  throw new Refused(
    `${server} was the last server of hostgroup ${empty.hostgroup} that is ONLINE, since another was taken out meanwhile: it is back; take one out after the other, or set allowLast in the configuration`,
  );
}

/** One after the other: each sees whom the one before it has taken out. Then all that are out are drained at the same time. */
async function takeAllOut(config, servers) {
  const ends = [];
  for (const { server, host } of servers) ends.push(...(await Promise.allSettled([takeOut(config, server, host)])));
  const out = servers
    .filter(({ server }, at) => ends[at].status === 'fulfilled' && readState(config, server))
    .map(({ server }) => server);
  return [...ends, ...(await Promise.allSettled(out.map((server) => drained(config, server))))];
}

async function drained(config, server) {
  const { hostname, port } = whereOf(server);
  const groups = config.hostgroups.join(',');
  const sql = `SELECT SUM(ConnUsed) FROM stats_mysql_connection_pool WHERE srv_host='${hostname}' AND srv_port=${port} AND hostgroup IN (${groups});`;
  const until = performance.now() + config.drainSeconds * 1000;
  for (;;) {
    const [[used = 'NULL'] = []] = await query(config, sql);
    if (used === 'NULL' || used === '0') return say(`${server}: no connection of ProxySQL is in use`);
    if (performance.now() > until)
      throw new Refused(
        `${server} has ${used} connections in use after ${config.drainSeconds} s; end their transactions, or raise drainSeconds`,
      );
    await sleep(1000);
  }
}

/** `isAlone`: it has no lag, and ProxySQL measures none. */
async function putBack(config, server, isAlone, again) {
  const kept = readState(config, server)?.rows;
  if (!kept) return say(`${server}: this hook did not take it out, and leaves it as it is`);
  const { memory, runtime } = await readServers(config, server);
  let now = kept.map(({ hostgroup, weight: full }) => {
    const row = memory.find(isOf(hostgroup, server));
    if (!row || !isOurs(row, { weight: full }, config))
      throw new Refused(
        `${server} in hostgroup ${hostgroup} is ${row ? shown(row) : 'gone'}: not as this hook set it, so it is left alone; its weight was ${full}. Put it back by hand, and remove ${stateFile(config, server)}`,
      );
    return { hostgroup, full, status: 'ONLINE', weight: row.status === 'ONLINE' ? row.weight : 0 };
  });
  const isLive = ({ hostgroup, ...row }) => {
    const live = runtime.find(isOf(hostgroup, server));
    return live !== undefined && shown(live) === shown(row);
  };
  if (!now.every(isLive)) await setServer(config, server, now);
  for (const percent of config.steps) {
    const next = now.map((row) => ({ ...row, weight: Math.max(row.weight, weightAt(row.full, percent)) }));
    if (next.every(({ weight }, at) => weight === now[at].weight)) continue;
    const isFirst = now.every(({ weight }) => weight === 0);
    const seconds = isFirst ? 0 : config.stepSeconds;
    await (isAlone ? sleep(seconds * 1000) : untilNoLag(config, server, seconds, again));
    await setServer(config, server, next);
    now = next;
  }
  rmSync(stateFile(config, server));
  say(`${server} is back with all of its weight`);
}

const notMeasured =
  'ProxySQL has not measured its lag: max_replication_lag of the server has to be above 0, and mysql-monitor_enabled true';

/** The last measurement: its time by the clock of ProxySQL, and why it is not a lag of 0. */
async function measuredLag(config, server) {
  const { hostname, port } = whereOf(server);
  const rows = await query(
    config,
    `SELECT time_start_us, repl_lag, error FROM monitor.mysql_server_replication_lag_log WHERE hostname='${hostname}' AND port=${port} ORDER BY time_start_us DESC LIMIT 1;`,
  );
  const [[at = '0', lag = 'NULL', error = 'NULL'] = []] = rows;
  if (error !== 'NULL') return { at: Number(at), trouble: `ProxySQL can't measure its lag: ${clean(error)}` };
  if (lag === 'NULL') return { at: Number(at), trouble: 'its lag is not known: see whether replication runs' };
  return { at: Number(at), trouble: lag === '0' ? undefined : `its lag is ${lag} s` };
}

/** Lag was 0 for so many seconds, in what ProxySQL measured from now on. */
async function untilNoLag(config, server, seconds, again) {
  const { at: before } = await measuredLag(config, server);
  const until = performance.now() + (config.lagSeconds + seconds) * 1000;
  let since;
  let why = notMeasured;
  for (;;) {
    const { at, trouble } = await measuredLag(config, server);
    if (at > before && trouble === undefined) {
      since ??= performance.now();
      if (performance.now() - since >= seconds * 1000) return;
    } else if (at > before) {
      since = undefined;
      if (trouble !== why) say(`${server}: ${trouble}: no step is made`);
      why = trouble;
    }
    if (performance.now() > until)
      throw new Refused(
        `${server} is not back, and keeps the weight that it has now: ${why}. When that is mended: ${again(server)}`,
      );
    await sleep(1000);
  }
}

/** The hosts of this hook that `verb` is for. */
function hostsFor(verb, { hook, job, targets, method }) {
  if (verb !== 'check') return hook.for;
  // At the beginning of a job all of its hosts have this hook; only those are taken out whose server is stopped.
  if (['snapshot', 'proof', 'start'].includes(job.kind) || method === 'binlog') return [];
  return targets.length > 0 ? hook.for.filter((name) => targets.includes(name)) : hook.for;
}

/** Of each host ADDRESS:PORT, as ProxySQL names it; or why that is not known, which concerns no other host. And whether it replicates from no host. */
function serversOf(verb, config, facts) {
  const { servers } = config;
  return hostsFor(verb, facts).flatMap((host) => {
    if (servers[host] === null) return [];
    const isAlone = facts.ends?.[host] === 'alone';
    // A target of a seed has started, and is not a replica yet.
    if (facts.hook.at === 'after-start' && facts.targets.includes(host) && !isAlone) return [];
    const { address, mysqlPort } = facts.hosts.find(({ name }) => name === host);
    if (servers[host] === undefined && mysqlPort === null) {
      if (verb === 'in') return takenOut(config, host).map((one) => ({ ...one, host, isAlone }));
      return [
        {
          trouble: `the port of mysqld on ${host} is not known; write ADDRESS:PORT under servers of the configuration`,
        },
      ];
    }
    return [{ server: servers[host] ?? `${address}:${mysqlPort}`, host, isAlone }];
  });
}

/** The servers of a host that this hook has taken out: their names are in the files of their weights. */
function takenOut(config, host) {
  const files = existsSync(config.state) ? readdirSync(config.state).filter((name) => name.endsWith('.json')) : [];
  const kept = files.flatMap((name) => {
    try {
      return JSON.parse(readFileSync(join(config.state, name), 'utf8'));
    } catch (error) {
      // Another hook may have put its server back in this moment.
      if (error.code === 'ENOENT') return [];
      const path = join(config.state, name);
      return {
        host,
        trouble: `${path} can't be read, and may be of ${host}: ${clean(error.message)}; look at it, and remove it`,
      };
    }
  });
  const servers = kept.filter((one) => one.host === host).map(({ server, trouble }) => ({ server, trouble }));
  if (servers.length === 0) say(`${host}: this hook did not take it out, and leaves it as it is`);
  return servers;
}

function readFacts() {
  let facts;
  try {
    facts = JSON.parse(readFileSync(0, 'utf8'));
  } catch {
    throw new Refused('standard input has no facts of a job: reseed gives them to its hooks');
  }
  if (facts?.version !== 1)
    throw new Refused(
      `standard input has facts of version ${clean(String(facts?.version))}, and this hook reads 1: take the example of that reseed`,
    );
  return facts;
}

async function main([verb, config = join(dirname(process.argv[1]), 'proxysql.json'), only]) {
  if (!['check', 'out', 'in'].includes(verb)) throw new Refused('the first argument is check, out or in');
  const settings = readConfig(config);
  const asked = only === undefined ? serversOf(verb, settings, readFacts()) : [{ server: only, isAlone: false }];
  const named = asked.map((one) =>
    one.trouble !== undefined || /^[A-Za-z0-9_.:-]+:[0-9]+$/.test(one.server)
      ? one
      : { trouble: `${clean(one.server)} is no ADDRESS:PORT` },
  );
  const servers = named.filter(({ trouble }) => trouble === undefined);
  const again = (server) => `${process.argv[1]} in ${config} ${server}`;
  const work = {
    check: () => Promise.allSettled(servers.map(({ server }) => check(settings, server))),
    out: () => takeAllOut(settings, servers),
    in: () => Promise.allSettled(servers.map(({ server, isAlone }) => putBack(settings, server, isAlone, again))),
  };
  const unnamed = named.flatMap(({ trouble }) => (trouble === undefined ? [] : { reason: new Refused(trouble) }));
  const ends = [...unnamed, ...(await work[verb]())];
  const whys = ends.flatMap(({ reason }) => reason ?? []);
  const unknown = whys.find((why) => !(why instanceof Refused));
  if (unknown) throw unknown;
  if (whys.length > 0) throw new Refused(whys.map(({ message }) => message).join('; '));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
