#!/usr/bin/env node
// A hook of reseed: a silence in Alertmanager for the hosts of a job, by its API v2.
//   alertmanager.mjs start [CONFIG]   makes the silence, or makes the one of this job longer
//   alertmanager.mjs end   [CONFIG]   expires it; at after-caught-up not before all targets of the job have caught up
// It reads the job's facts on standard input. CONFIG is alertmanager.json beside this file, if it is not given. It is one file without imports
// of its own, so that the SHA-256 in the plan is that of all of it.
//
// The id of the silence is kept in a folder of the job. Where that is lost (killed before it was written), the silence is found by the
// job's key in its comment. It ends by itself after `hours`, if this hook can't end it.
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const answerDeadlineMs = 20_000;
/** Of an answer: a list of all silences may be long. */
const maxBytes = 64 * 1024 * 1024;

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

const known = ['url', 'authorizationFile', 'caFile', 'label', 'value', 'matchers', 'hours', 'state'];

/** Another configuration of the same name, in another folder, has another state. */
const stateName = (path) =>
  `${basename(path, '.json')}-${createHash('sha256').update(resolve(path)).digest('hex').slice(0, 8)}`;

function readConfig(path) {
  checkFile(path, 0o022, 'write it: see alertmanager.json of the examples');
  let given;
  try {
    given = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Refused(`${path} is no JSON: ${clean(error.message)}; mend it there`);
  }
  if (typeof given !== 'object' || given === null) throw new Refused(`${path} has to be a map in JSON; mend it there`);
  const config = {
    label: 'instance',
    value: '({host}|{address})(:[0-9]+)?',
    matchers: {},
    hours: 12,
    state: join(homedir(), '.local/state/reseed-hooks', stateName(path)),
    ...given,
  };
  const wrong = (what) => new Refused(`${path}: ${what}; see alertmanager.json of the examples`);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(`${clean(unknown)} is no setting (${known.join(', ')})`);
  if (typeof config.value !== 'string') throw wrong('value has to be text');
  const odd = config.value.match(/\{[A-Za-z]+\}/g)?.find((one) => one !== '{host}' && one !== '{address}');
  if (odd !== undefined) throw wrong(`${odd} in value is neither {host} nor {address}`);
  if (!/\{(host|address)\}/.test(config.value))
    throw wrong('value has neither {host} nor {address}: the silence would be for other hosts too, or for none');
  if (!URL.canParse(config.url) || !/^https?:$/.test(new URL(config.url).protocol))
    throw wrong('url has to be the http or https address of Alertmanager');
  if (!(config.hours > 0 && config.hours <= 168)) throw wrong('hours has to be between 0 and 168');
  if (config.caFile !== undefined) checkFile(config.caFile, 0o022, 'it has the certificates to trust, as PEM');
  return { ...config, authorization: readAuthorization(config, wrong) };
}

/** The value of the header: `Bearer ...` or `Basic ...`. */
function readAuthorization({ url, authorizationFile }, wrong) {
  if (authorizationFile === undefined) return undefined;
  checkFile(authorizationFile, 0o077, 'it has the value of the Authorization header: Bearer or Basic, and a word');
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !/^(localhost|127\.[0-9.]+|\[::1\])$/.test(hostname))
    throw wrong('with authorizationFile the url has to begin with https, or to be this machine');
  const value = readFileSync(authorizationFile, 'utf8').trim();
  if (!/^[\x21-\x7e]+ [\x21-\x7e]+$/.test(value))
    throw new Refused(`${authorizationFile} has to have one line: Bearer or Basic, and a word`);
  return value;
}

/** The status, and the text of the answer. Redirects are not followed: they would take the secret along. */
function ask({ url, authorization, caFile }, method, path, body) {
  const place = new URL(`${url.replace(/\/+$/, '')}/api/v2/${path}`);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(authorization !== undefined && { authorization }),
    ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  const options = {
    method,
    headers,
    signal: AbortSignal.timeout(answerDeadlineMs),
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
  };
  return new Promise((done, refused) => {
    const fail = (error) =>
      refused(
        new Refused(
          error.name === 'AbortError'
            ? `Alertmanager did not answer within ${answerDeadlineMs / 1000} s: ${url}`
            : `Alertmanager can't be reached: ${url}: ${clean(error.code ?? error.message)}; see url in the configuration`,
        ),
      );
    const send = place.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = send(place, options, (answer) => {
      let got = '';
      answer.setEncoding('utf8').on('error', fail);
      answer.on('data', (part) => {
        got += part;
        if (got.length > maxBytes) answer.destroy(new Error('its answer is too long'));
      });
      answer.on('end', () => done({ status: answer.statusCode, text: got }));
    });
    sent.on('error', fail).end(text);
  });
}

async function askJson(config, method, path, body) {
  const { status, text } = await ask(config, method, path, body);
  if (status === 404) return undefined;
  if (status !== 200) throw refusedBy(config, method, path, status, text);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(`Alertmanager's answer is no JSON: ${config.url}; see whether url leads to Alertmanager itself`);
  }
}

function refusedBy({ url }, method, path, status, text) {
  const advice =
    status === 401 || status === 403
      ? 'see authorizationFile of the configuration'
      : 'see the log of Alertmanager, then run this again';
  return new Refused(`Alertmanager answered ${status} to ${method} ${path} of ${url}: ${clean(text)}; ${advice}`);
}

const quoted = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Alertmanager takes an expression for the whole value of a label. */
function matchersOf({ label, value, matchers }, { hosts }) {
  const one = ({ name, address }) =>
    value.replace(/\{(host|address)\}/g, (_, word) => quoted(word === 'host' ? name : address));
  const is = (name, text, isRegex) => ({ name, value: text, isRegex, isEqual: true });
  return [
    is(label, hosts.map(one).join('|'), true),
    ...Object.entries(matchers).map(([name, text]) => is(name, text, false)),
  ];
}

const commentOf = ({ job }) => `reseed job ${job.id} (${job.key}): ${job.title}`;
const folderOf = ({ state }, { job }) => join(state, job.key);

function keep(config, facts, name, text) {
  const folder = folderOf(config, facts);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  checkFile(folder, 0o022, '');
  writeFileSync(join(folder, `${name}.part`), text, { mode: 0o600, flush: true });
  renameSync(join(folder, `${name}.part`), join(folder, name));
}

/** The silence of this job that is not over, if there is one. */
async function silenceOf(config, facts) {
  let id;
  try {
    id = readFileSync(join(folderOf(config, facts), 'silence'), 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const isOn = (silence) => silence?.status?.state === 'active' || silence?.status?.state === 'pending';
  if (id !== undefined) {
    const kept = await askJson(config, 'GET', `silence/${encodeURIComponent(id)}`);
    return isOn(kept) ? kept : undefined;
  }
  const all = (await askJson(config, 'GET', 'silences')) ?? [];
  return all.find(
    (silence) => isOn(silence) && silence.comment.startsWith(`reseed job ${facts.job.id} (${facts.job.key}): `),
  );
}

async function start(config, facts) {
  const before = await silenceOf(config, facts);
  const now = Date.now();
  const silence = {
    ...(before && { id: before.id }),
    matchers: matchersOf(config, facts),
    startsAt: before?.startsAt ?? new Date(now).toISOString(),
    endsAt: new Date(now + config.hours * 3_600_000).toISOString(),
    createdBy: `${facts.operator.account}@${facts.operator.jumpHost}`,
    comment: commentOf(facts),
  };
  const answer = await askJson(config, 'POST', 'silences', silence);
  if (typeof answer?.silenceID !== 'string')
    throw new Refused(`Alertmanager told no id of the silence: ${config.url}; run this again`);
  keep(config, facts, 'silence', answer.silenceID);
  say(`silence ${answer.silenceID} for ${facts.hosts.map(({ name }) => name).join(', ')}, until ${silence.endsAt}`);
}

/** Targets that have not caught up yet, and have not failed. Where the job has ended, or has no targets, all is over. */
function stillAtWork(config, facts) {
  const { at, for: hosts } = facts.hook;
  if (at === 'after-success' || at === 'after-failure') return [];
  const ended = at === 'after-caught-up' ? hosts : [];
  for (const name of ended) keep(config, facts, `done-${encodeURIComponent(name)}`, '');
  const done = ended.length > 0 ? readdirSync(folderOf(config, facts)) : [];
  return facts.targets.filter((name) => !done.includes(`done-${encodeURIComponent(name)}`) && !(name in facts.failed));
}

async function end(config, facts) {
  const waits = stillAtWork(config, facts);
  if (waits.length > 0) return say(`the silence stays for ${waits.join(', ')}`);
  const silence = await silenceOf(config, facts);
  if (silence) {
    const path = `silence/${encodeURIComponent(silence.id)}`;
    const { status, text } = await ask(config, 'DELETE', path);
    // Another hook of the job may have ended it meanwhile.
    if (status !== 200 && (await silenceOf(config, facts))) throw refusedBy(config, 'DELETE', path, status, text);
  }
  rmSync(folderOf(config, facts), { recursive: true, force: true });
  say(silence ? `silence ${silence.id} is expired` : 'this job has no silence');
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

async function main([verb, config = join(dirname(process.argv[1]), 'alertmanager.json')]) {
  if (verb !== 'start' && verb !== 'end') throw new Refused('the first argument is start or end');
  const settings = readConfig(config);
  const facts = readFacts();
  await (verb === 'start' ? start : end)(settings, facts);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
