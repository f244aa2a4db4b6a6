// The floors of the code, top to bottom, and the Biome rules made from them. `node floors.ts` writes the rules of
// biome.json. `node floors.ts --check` ends with 1 if biome.json has other rules. A room may import only from the
// floors below it.
import { readFileSync, writeFileSync } from 'node:fs';

/** Rooms of one floor do not import each other. Every room is a folder of src/, except components/ and src/cli.ts. */
const floors: readonly (readonly string[])[] = [
  ['cli.ts'],
  ['console'],
  ['components'],
  ['commands'],
  ['operations'],
  ['proofs', 'salvage', 'tables'],
  ['history', 'hooks', 'schedule', 'notify', 'metrics', 'rules'],
  ['seed'],
  ['clean', 'snapshot'],
  ['service'],
  ['custom'],
  ['job', 'fleet'],
  ['scripts'],
  ['host', 'remote'],
  ['inventory'],
  ['process', 'text'],
];

/** Apart from the floors: the practice fleet, which only commands/drill imports. */
const apart = 'drill';
const knowDrill: readonly string[] = ['cli.ts', 'commands'];

/** Rooms below that these rooms must not import, although their floor allows it. */
const less: Readonly<Record<string, readonly string[]>> = {
  // A job knows steps and commands, but not what they are about.
  job: ['host', 'inventory'],
  drill: [
    'operations',
    'proofs',
    'salvage',
    'tables',
    'hooks',
    'schedule',
    'notify',
    'metrics',
    'rules',
    'seed',
    'clean',
    'snapshot',
    'service',
    'job',
    'fleet',
    'host',
    'remote',
    'inventory',
  ],
};

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

const screen: Pattern = {
  group: ['ink', 'ink-*', 'react', 'react/*', 'react-dom'],
  message: 'The screen is made in components/: src/ does not know what is on it.',
};
const ssh2: Pattern = {
  group: ['ssh2', 'ssh2/**'],
  message: 'ssh2 is spoken in src/remote only: everything else takes a Remote.',
};
const shown: Pattern = {
  group: ['**/remote/**', '**/scripts/**', 'execa'],
  message: 'A screen reads stores and gives commands: no SSH, SQL or shell here.',
};

const patternOf = (room: string) => (room.endsWith('.ts') ? `**/${room}` : `**/${room}/**`);

/** The rooms above a room, or beside it. */
function forbidden(room: string): Pattern {
  const at = floors.findIndex((rooms) => rooms.includes(room));
  const above = at < 0 ? [...floors.slice(0, 4)] : floors.slice(0, at + 1);
  const rooms = [...above.flat(), ...(knowDrill.includes(room) ? [] : [apart]), ...(less[room] ?? [])];
  return {
    group: rooms.filter((one) => one !== room).map(patternOf),
    message: 'Imports point down: this room lies above, or beside (floors.ts).',
  };
}

function patternsOf(room: string): Pattern[] {
  if (room === 'components') return [ssh2, shown, forbidden(room)];
  return [screen, ...(room === 'remote' ? [] : [ssh2]), forbidden(room)];
}

const placeOf = (room: string) =>
  room === 'components' ? 'components/**' : `src/${room}${room.endsWith('.ts') ? '' : '/**'}`;

const ruleOf = (room: string) => ({
  includes: [placeOf(room)],
  linter: {
    rules: { style: { noRestrictedImports: { level: 'error', options: { patterns: patternsOf(room) } } } },
  },
});

type Override = ReturnType<typeof ruleOf> | { readonly linter?: { readonly rules?: { readonly style?: object } } };

/** The rules of floors are written again; other rules stay, after them. */
function withFloors(overrides: readonly Override[]): Override[] {
  const others = overrides.filter(({ linter }) => !('noRestrictedImports' in (linter?.rules?.style ?? {})));
  return [...[...floors.flat(), apart].map(ruleOf), ...others];
}

const path = new URL('biome.json', import.meta.url);
const { overrides, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
const wanted = { ...rest, overrides: withFloors(overrides) };
if (process.argv[2] !== '--check') writeFileSync(path, `${JSON.stringify(wanted, undefined, 2)}\n`);
else if (JSON.stringify(wanted) !== JSON.stringify({ ...rest, overrides })) {
  process.stderr.write('biome.json has other floors than floors.ts: node floors.ts writes them\n');
  process.exitCode = 1;
}
