// The text of a script of this folder. In the package all of them are in the bundle (bundle.ts): a console that is open
// during an upgrade must not plan with the scripts of the next build.
import { readFileSync } from 'node:fs';

export const textOf = (name: string): string => readFileSync(new URL(`${name}.sh`, import.meta.url), 'utf8');
