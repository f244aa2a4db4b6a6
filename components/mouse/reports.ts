// What a terminal sends of itself, taken out of what is typed: reports of the mouse, and the answer to the question for its background. xterm's mode
// 1006 (SGR): ESC [ < button ; column ; line, then M for a press or m for a release; OSC 11: ESC ] 11 ; colour, then BEL or ESC \
// (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). Either may come in pieces, late, over a slow line: none of them reaches a text input. Pure.

/** A press of the first button, or a turn of the wheel. Both from 0, at the upper left corner. */
export interface MouseReport {
  readonly kind: 'press' | 'wheelUp' | 'wheelDown';
  readonly column: number;
  readonly line: number;
}

export interface Sorted {
  /** What is no report, as it came. */
  readonly typed: string;
  readonly reports: readonly MouseReport[];
  /** The background as the terminal tells it, `rgb:ffff/ffff/ffff`. */
  readonly answers: readonly string[];
}

export interface ReportSorter {
  /** Takes what comes next, with each byte as a character. */
  readonly sort: (text: string) => Sorted;
  /** What waits, and is typed if nothing follows for a moment: an escape key is the beginning of a report too. */
  readonly waiting: () => string;
  /** Passes on what waits, as typed. The rest of a report that comes later is still one. */
  readonly release: () => string;
}

const start = '\x1b[<';
/** What follows the start of a report: all of it; so far; and where something else came in between, what is left out with its last character. */
const report = /^(\d{1,5});(\d{1,5});(\d{1,5})([Mm])/;
const begun = /^[\d;]{0,17}$/;
const broken = /^[\d;]*[@-~]?/;
const answerStart = '\x1b]11;';
const answerEnds = ['\x07', '\x1b\\'];
const told = /^[\w:/#.,?-]{0,40}/;
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

export function createReportSorter(): ReportSorter {
  let held = '';
  /** What was released last, while nothing has followed it. */
  let released = '';
  let isPasting = false;

  const whole = (text: string): string =>
    released !== '' && isTorn(`${released}${text}`) ? `${released}${text}` : `${held}${text}`;

  const sort = (text: string): Sorted => {
    let rest = whole(text);
    [held, released] = ['', ''];
    const [reports, answers]: [MouseReport[], string[]] = [[], []];
    let typed = '';
    for (let at = rest.indexOf('\x1b'); at >= 0; at = rest.indexOf('\x1b')) {
      typed += rest.slice(0, at);
      rest = rest.slice(at);
      const piece = next(rest, isPasting);
      if (piece === 'more') {
        held = rest;
        return { typed, reports, answers };
      }
      if (piece.answer !== undefined) answers.push(piece.answer);
      if (piece.report) reports.push(piece.report);
      if (piece.pasting !== undefined) isPasting = piece.pasting;
      typed += piece.typed;
      rest = rest.slice(piece.length);
    }
    return { typed: typed + rest, reports, answers };
  };

  return {
    sort,
    // Pasted text, the numbers of a report and an answer are waited for however long they take. No key of reseed begins as an answer does.
    waiting: () => (isPasting || held.startsWith(start) || held.startsWith(answerStart.slice(0, 2)) ? '' : held),
    release: () => {
      [held, released] = ['', held];
      return released;
    },
  };
}

interface Piece {
  /** Of what was looked at. */
  readonly length: number;
  readonly typed: string;
  readonly report?: MouseReport;
  readonly answer?: string;
  readonly pasting?: boolean;
}

/** `rest` begins with an escape. `more`: it may be the beginning of something longer. */
function next(rest: string, isPasting: boolean): Piece | 'more' {
  const marker = isPasting ? pasteEnd : pasteStart;
  if (rest.startsWith(marker)) return { length: marker.length, typed: marker, pasting: !isPasting };
  if (marker.startsWith(rest)) return 'more';
  // A report in pasted text is text.
  if (isPasting) return { length: 1, typed: '\x1b' };
  if (answerStart.startsWith(rest)) return 'more';
  if (rest.startsWith(answerStart)) return nextAnswer(rest.slice(answerStart.length));
  const body = afterStart(rest);
  if (body === undefined) return { length: 1, typed: '\x1b' };
  if (begun.test(body)) return 'more';
  const found = report.exec(body);
  const made = found && reportOf(found);
  const [cut = ''] = found ?? broken.exec(body) ?? [];
  return { length: start.length + cut.length, typed: '', ...(made && { report: made }) };
}

/** `body` is what follows the start of an answer. */
function nextAnswer(body: string): Piece | 'more' {
  const [answer = ''] = told.exec(body) ?? [];
  const after = body.slice(answer.length);
  const length = answerStart.length + answer.length;
  const end = answerEnds.find((one) => after.startsWith(one));
  if (end !== undefined) return { length: length + end.length, typed: '', answer };
  // What something else broke off is left out.
  return answerEnds.some((one) => one.startsWith(after)) ? 'more' : { length, typed: '' };
}

/** Whether what follows an escape that was taken for the key shows that it was none. */
const isTorn = (text: string): boolean =>
  /^\d/.test(afterStart(text) ?? '') || text.startsWith(answerStart.slice(0, 3));

const afterStart = (text: string): string | undefined =>
  text.startsWith(start) ? text.slice(start.length) : undefined;

/** Bits 4, 8 and 16 are shift, meta and control; 32 is a move, 64 the wheel. */
function reportOf([, code = '', column = '', line = '', end]: RegExpExecArray): MouseReport | undefined {
  const button = Number(code) & ~(4 | 8 | 16);
  const kind =
    button === 0 && end === 'M' ? 'press' : button === 64 ? 'wheelUp' : button === 65 ? 'wheelDown' : undefined;
  return kind && { kind, column: Number(column) - 1, line: Number(line) - 1 };
}
