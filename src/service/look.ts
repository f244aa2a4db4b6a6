// The outputs of `service.sh look` and `service.sh ended`.
import { cleanText } from '../text/clean.ts';
import { shownError } from '../text/statement.ts';

export interface ServiceLook {
  /** systemd's ActiveState. */
  readonly state: string;
  /** How often systemd has restarted it by itself since the last request to start it. */
  readonly restarts: number;
  /** The server's process: `846 mysqld`. */
  readonly process?: string;
  /** It accepts connections. */
  readonly ready: boolean;
  /** Why it is not asked, which no waiting changes. */
  readonly refused?: string;
  /** How its process ended, by systemd.service(5): `exit-code, exited with 1`; absent: systemd reports no failure. */
  readonly result?: string;
  /** Clean lines of the journal from this start, systemd's own among them. */
  readonly journalLines: readonly string[];
  readonly logBytes: number;
  /** Clean lines. */
  readonly logLines: readonly string[];
}

/** undefined: this is not the output of the script. */
export function readLook(text: string): ServiceLook | undefined {
  const [head, state, restarts, pid, ready, result = '', count] =
    /^([\w-]+)\n(\d+)\n(none|\d+ [^\n]*)\n(ready|not|refused [^\n]*)\n([^\n]*)\n *(\d+)\n/.exec(text) ?? [];
  if (head === undefined || state === undefined || pid === undefined) return undefined;
  const rest = text.slice(head.length).split('\n');
  const journal = rest.splice(0, Number(count));
  const [bytes = ''] = rest.splice(0, 1);
  if (!/^ *\d+$/.test(bytes)) return undefined;
  const ended = resultText(result);
  return {
    state,
    restarts: Number(restarts),
    ...(pid !== 'none' && { process: cleanText(pid) }),
    ready: ready === 'ready',
    ...(ready?.startsWith('refused ') && { refused: cleanText(ready.slice('refused '.length)) }),
    ...(ended !== undefined && { result: ended }),
    journalLines: cleanLines(journal.join('\n')),
    logBytes: Number(bytes),
    logLines: cleanLines(rest.join('\n')),
  };
}

/** The output of `service.sh ended`; undefined: it is not that. */
export function readEnded(text: string): { readonly boot: string; readonly endedInIt: boolean } | undefined {
  const [, boot, since] = /^([0-9a-f-]{36}) (\d*)\n?$/.exec(text) ?? [];
  return boot === undefined ? undefined : { boot, endedInIt: Number(since) > 0 };
}

/** The server's lines since its start, without what a failed statement must not tell: from its own log, or, if it has none, from the journal. */
export const serverLines = ({ logLines, logBytes, journalLines }: ServiceLook): readonly string[] =>
  logLines.length === 0 && logBytes === 0 ? journalLines : logLines;

/** `Result ExecMainCode ExecMainStatus`; the code is waitid(2)'s: 1 exited, 2 killed, 3 dumped core. */
function resultText(line: string): string | undefined {
  const [, result, code, status] = /^([\w-]+) (\d*) (\d*)$/.exec(line) ?? [];
  if (result === undefined || result === 'success') return undefined;
  const how = { 1: `exited with ${status}`, 2: `killed by signal ${status}`, 3: `dumped core by signal ${status}` };
  const end = how[Number(code) as keyof typeof how];
  return end === undefined ? result : `${result}, ${end}`;
}

const cleanLines = (text: string): string[] =>
  cleanText(text)
    .split('\n')
    .filter((line) => line !== '')
    .map(shownError);
