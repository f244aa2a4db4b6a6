// reseed salvage HOST: the transactions in a host's logs that another lacks; with a TARGET, they are applied there.
import { Command } from 'commander';
import { present } from '../../../host/known.ts';
import { readOnlyRefusal } from '../../../job/plan/refusal.ts';
import { author } from '../../../operations/jobs/job-store.ts';
import type { Subject } from '../../../operations/plans/draft.ts';
import type { Result } from '../../../operations/result.ts';
import { salvageDraft } from '../../../operations/salvage/draft.ts';
import { type LookRequest, lookAtLogs, type Start } from '../../../operations/salvage/look.ts';
import type { Asking } from '../../../operations/seed/ask-host.ts';
import { openRemotes } from '../../../remote/open.ts';
import type { LogKind } from '../../../scripts/salvage-words.ts';
import { bytesIn } from '../../../text/amounts.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, printRefusal } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import { type Chosen, chooseHosts, type HostOptions, inventoryFlag } from '../../hosts/targets.ts';
import { waitingLine } from '../../hosts/waiting-line.ts';
import { refusedYes } from '../agree.ts';
import { askChosen } from '../ask.ts';
import { type BeginOptions, begin } from '../begin.ts';
import { jobFlags } from '../flags.ts';
import { isWhole, lookJson, lookLines } from './look-lines.ts';
import { sayText } from './say-text.ts';
import { readStart, type StartWords } from './start-words.ts';

interface Options extends HostOptions, BeginOptions {
  readonly from?: string;
  readonly relay?: boolean;
  readonly binlog?: boolean;
  readonly sql?: boolean;
  readonly lines?: string;
  readonly maxText?: string;
  readonly json?: boolean;
}

export function salvageCommand(): Command {
  return jobFlags(command());
}

const command = () =>
  new Command('salvage')
    .description(
      'the transactions in the logs of a host that another host lacks: looks at them, or applies them there, as a job',
    )
    .argument('<host>', 'the host that has them')
    .argument(
      '[target]',
      'the host that lacks them: they are applied there, with a plan to agree to; left out: they are listed',
    )
    .option('--from <where>', 'from where on: a host that lacks them, GTIDs that are left out, or FILE:POSITION')
    .option('--relay', 'read its relay logs: also what it has received and not applied')
    .option('--binlog', 'read its binary logs; left out: these, if all is in them')
    .option(
      '--lines <number>',
      'list so many; of the others DDL, accounts and statements too, a thousand at most; what may hide one is told',
      '40',
    )
    .option('--sql', 'print what mysqlbinlog makes of them, with rows as comments')
    .option('--max-text <size>', 'at most so much of it; left out: all of it, with --json 2M')
    .option(...inventoryFlag)
    .addHelpText(
      'after',
      exampleText([
        'reseed salvage db2 --from db3',
        'reseed salvage db2 --from db3 --relay --json | jq .gtids',
        'reseed salvage db2 --from relay.000004:1874 --sql | less',
        'reseed salvage db5 --from 0-14-90217',
        'reseed salvage db2 db3 --dry-run',
        'reseed salvage db2 db3',
      ]),
    )
    .action((name: string, target: string | undefined, options: Options) =>
      target === undefined ? look(name, options) : apply(name, target, options),
    );

async function look(name: string, options: Options): Promise<void> {
  const usage = wordsTrouble(options);
  if (usage !== undefined) return saidUsage(options, usage);
  const asked = await askedRequest(name, options);
  if (!asked) return;
  const { request, known } = asked;
  if (options.sql)
    return await sayText(request, options, (work) => whileAsking(`reading the logs of ${name}`, known, work));
  const found = await whileAsking(`reading the logs of ${name}`, known, (asking) => lookAtLogs(request, asking));
  if (!found) return;
  if (!found.ok) return exitWith(printRefusal(options.json, found.refusal));
  if (options.json) printJson('salvage', lookJson(request, found.value));
  else for (const line of lookLines(request, found.value, Number(options.lines))) printLine(line);
  exitWith(isWhole(request, found.value) ? exitCodes.done : exitCodes.failed);
}

async function apply(name: string, target: string, options: Options): Promise<void> {
  const usage = name === target ? `${name} is both hosts` : applyTrouble(target, options);
  if (usage !== undefined) return saidUsage(options, usage);
  if (refusedYes(options, target)) return;
  const chosen = await chooseHosts([name, target], options);
  const readOnly = chosen?.hosts.filter((host) => host.name === target).map(readOnlyRefusal)[0];
  if (readOnly)
    return exitWith(
      printRefusal(options.json, { kind: 'refused', message: readOnly.message, advice: readOnly.advice }),
    );
  const known = chosen && (await askedAll(chosen, options));
  const [from, to] = [name, target].map((one) => known?.find(({ host }) => host.name === one));
  if (!known || !from || !to) return;
  const request = { from, to, ...present('log', logOf(options)) };
  const what = `reading the logs of ${name}`;
  const draft = await whileAsking(what, known, (asking) => salvageDraft(request, author(), asking));
  if (!draft) return;
  if (draft.ok) await begin(draft.value, options);
  else exitWith(printRefusal(options.json, draft.refusal));
}

function applyTrouble(target: string, { from, sql, relay, binlog }: Options): string | undefined {
  if (relay && binlog) return 'either --relay or --binlog';
  if (sql) return '--sql looks: leave out the target, and say --from';
  return from === undefined || from === target
    ? undefined
    : `what ${target} lacks is known by its GTIDs: leave out --from`;
}

interface AskedRequest {
  readonly request: LookRequest;
  readonly known: readonly Subject[];
}

/** undefined: the reason was printed, and the exit code is set. */
async function askedRequest(name: string, options: Options): Promise<AskedRequest | undefined> {
  const all = await chooseHosts([], options);
  const words = all && readStart(options.from ?? '', all.inventory);
  if (words === undefined) return undefined;
  if (typeof words === 'string') return saidUsage(options, words);
  const behind = words.by === 'host' ? words.host : undefined;
  if (behind === name) return saidUsage(options, `${name} lacks nothing of its own logs`);
  const chosen = await chooseHosts([name, ...(behind === undefined ? [] : [behind])], options);
  const known = chosen && (await askedAll(chosen, options));
  const from = known?.find(({ host }) => host.name === name);
  if (!known || !from) return undefined;
  const start = startOf(words, known);
  return start && { known, request: { from, start, ...present('log', logOf(options)) } };
}

function startOf(words: StartWords, known: readonly Subject[]): Start | undefined {
  if (words.by !== 'host') return words;
  const host = known.find((one) => one.host.name === words.host);
  return host && { by: 'host', host };
}

const logOf = ({ relay, binlog }: Options): LogKind | undefined => (relay ? 'relay' : binlog ? 'binlog' : undefined);

function wordsTrouble({ from, relay, binlog, lines = '', maxText }: Options): string | undefined {
  if (from === undefined) return 'from where on? --from HOST, --from GTIDS or --from FILE:POSITION';
  if (relay && binlog) return 'either --relay or --binlog';
  if (!/^\d{1,6}$/.test(lines)) return `--lines is ${lines}: write a number, as 200`;
  return maxText !== undefined && bytesIn(maxText) === undefined
    ? `--max-text is ${maxText}: write a size, as 100M`
    : undefined;
}

function saidUsage({ json }: Options, message: string): undefined {
  exitWith(exitCodes.usage);
  printFailure(json, { error: 'usage', message, advice: 'reseed salvage --help' });
}

/** undefined: one did not answer, and that was printed. */
async function askedAll(chosen: Chosen, options: Options): Promise<readonly Subject[] | undefined> {
  const asked = await askChosen(chosen, options);
  return asked?.length === chosen.hosts.length ? asked : undefined;
}

async function whileAsking<T>(
  what: string,
  known: readonly Subject[],
  work: (asking: Asking, clear: () => void) => Promise<Result<T>>,
): Promise<Result<T> | undefined> {
  const remotes = openRemotes({ environment: process.env });
  let result: Result<T> | undefined;
  const code = await untilSignalled(async (signal) => {
    const waiting = waitingLine(what, true);
    result = await work({ known, signal, open: (target) => remotes.open(target) }, waiting.clear);
    waiting.clear();
    return exitCodes.done;
  });
  await remotes.close();
  if (code !== exitCodes.done) exitWith(code);
  return code === exitCodes.done ? result : undefined;
}
