// reseed methods DONOR TARGET: how the target can be seeded from the donor, and why not by the other methods.
import { Command } from 'commander';
import { author } from '../../../operations/jobs/job-store.ts';
import { isSame, type Way, type Ways, waysToSeed } from '../../../operations/seed/ways.ts';
import { findingBadges } from '../../../seed/preflight/finding.ts';
import { about } from '../../../text/about.ts';
import { signOf } from '../../../text/badge.ts';
import { exampleText, exitCodes, exitWith, printJson, printLine, printRefusal } from '../../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../../hosts/targets.ts';
import { askFurther, askKnown } from './seed-hosts.ts';

export function methodsCommand(): Command {
  return new Command('methods')
    .description('which methods can seed a target from a donor, what each costs, and why the others can not be used')
    .argument('<donor>', 'the host whose data it is')
    .argument('<target>', 'the host that would get it')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .addHelpText('after', exampleText(['reseed methods db1 db2', 'reseed methods db1 db2 --json | jq .proposed']))
    .action(listMethods);
}

async function listMethods(donor: string, target: string, options: HostOptions): Promise<void> {
  if (donor === target) {
    const message = `${donor} is donor and target`;
    return exitWith(printRefusal(options.json, { kind: 'usage', message, advice: 'name two hosts' }));
  }
  const chosen = await chooseHosts([donor, target], options);
  if (!chosen) return;
  const named = { donor, targets: [target] };
  // Of a donor that is down, others tell whom it replicated from.
  const known = await askKnown(chosen, named, { method: { donorRuns: false } }, options.json);
  if (!known) return;
  const found = await askFurther(named, known, (asking) => waysToSeed({ donor, target }, author(), asking));
  if (!found) return;
  if (!found.ok) return exitWith(printRefusal(options.json, found.refusal));
  if (options.json) printJson('methods', { donor, target, ...jsonOf(found.value) });
  else for (const line of wayLines({ donor, target }, found.value)) printLine(line);
  exitWith(found.value.proposed ? exitCodes.done : exitCodes.refused);
}

const jsonOf = ({ ways, proposed, needless, againstTables }: Ways) => ({
  proposed: proposed?.method.name ?? null,
  why: proposed?.why ?? null,
  needless: needless ?? null,
  tables: { usable: againstTables.length === 0, against: againstTables },
  methods: ways.map(({ method: { name, about: does }, against, figures }) => ({
    name,
    about: does,
    usable: against.length === 0,
    against,
    figures,
  })),
});

const nameCells = 16;

export function wayLines({ donor, target }: Record<'donor' | 'target', string>, found: Ways): string[] {
  const { ways, againstAll, proposed, needless } = found;
  const first = proposed ? `proposed is ${proposed.method.name}: ${proposed.why}` : 'no method can be used now';
  return [
    `${donor} → ${target}: ${needless === undefined ? first : `${target} is ${needless}. If it is to be seeded all the same: ${first}`}`,
    ...againstAll.map(
      (reason) => `${signOf(findingBadges.refuse)} ${'all that copy'.padEnd(nameCells)} ${reasonText(reason)}`,
    ),
    ...ways.flatMap((way) => linesOf(way, found)),
    ...tablesLines({ donor, target }, found),
    ...(proposed
      ? [`look at its plan: reseed seed ${donor} ${target} --method ${proposed.method.name} --dry-run`]
      : []),
  ];
}

function linesOf({ method, against, figures }: Way, { againstAll }: Ways): string[] {
  const isUsable = against.length === 0;
  const own = method.copies ? against.filter((reason) => !againstAll.some((other) => isSame(reason, other))) : against;
  const head = `${signOf(findingBadges[isUsable ? 'pass' : 'refuse'])} ${method.name.padEnd(nameCells)}`;
  const rest = isUsable ? figures : own.map(reasonText);
  const indent = ' '.repeat(nameCells + 3);
  return [`${head} ${method.about}`, ...rest.map((text) => `${indent}${text}`)];
}

function tablesLines({ donor, target }: Record<'donor' | 'target', string>, { againstTables }: Ways): string[] {
  const isUsable = againstTables.length === 0;
  const head = `${signOf(findingBadges[isUsable ? 'pass' : 'refuse'])} ${'named tables'.padEnd(nameCells)}`;
  const rest = isUsable
    ? [`what is said of them: reseed seed ${donor} ${target} --databases NAMES --dry-run, or --tables`]
    : againstTables.map(reasonText);
  const does = 'tables or databases of the donor, put into a server that runs and keeps its others';
  return [`${head} ${does}`, ...rest.map((text) => `${' '.repeat(nameCells + 3)}${text}`)];
}

const reasonText = ({ host, text, advice }: Way['against'][number]) =>
  `${about(host, text)}${advice ? `; ${advice}` : ''}`;
