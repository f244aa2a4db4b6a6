// The frame around the output of probe.sh: bytes as they come -> whole reports, as sections. A random word opens each
// of the frame's lines, so no text of the host can pass for one. Memory is bounded, whatever comes.
import { type ReportPart, reportParts } from './facts.ts';

/** The limit of one section: a set of GTIDs may be long, an error log's tail has 64 KiB. */
const sectionLimitBytes = 1024 * 1024;
/** The limit of one report. */
const reportLimitBytes = 4 * 1024 * 1024;
const sectionsAtMost = 64;
const lineLimitBytes = 512;

/** The output of one command. */
export interface Section {
  /** The command's exit status, or a word of the script: `down`, `resting 40`. */
  readonly status: string;
  /** Decoded as UTF-8, invalid bytes as U+FFFD. Not clean. */
  readonly text: string;
  /** The command printed more than is kept. */
  readonly cut: boolean;
}

export interface Frame {
  readonly id: number;
  /** The parts that the request asked for. */
  readonly parts: readonly ReportPart[];
  readonly sections: ReadonlyMap<string, Section>;
}

/** Calls `onFrame` with each report that arrived whole. Drops what is cut short, or is not of this frame. */
export function frameReader(word: string, onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  const mark = Buffer.from(`\n${word} `);
  const frame = new OpenFrame(onFrame);
  let held: Buffer = Buffer.alloc(0);

  return (chunk) => {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(mark, from);
      if (at < 0) {
        // A mark may be cut in two by the border between chunks.
        const whole = Math.max(from, bytes.length - mark.length + 1);
        frame.print(bytes.subarray(from, whole));
        held = Buffer.from(bytes.subarray(whole));
        return;
      }
      frame.print(bytes.subarray(from, at));
      const line = frameLine(bytes, at + mark.length);
      if (line === 'more') {
        held = Buffer.from(bytes.subarray(at));
        return;
      }
      frame.line(line.text);
      from = line.end;
    }
  };
}

/** Reads a line of the frame from `from` on. A line over the limit is none of the frame's. */
function frameLine(bytes: Buffer, from: number): { readonly text: string; readonly end: number } | 'more' {
  const end = bytes.indexOf('\n', from);
  if (end < 0 && bytes.length - from < lineLimitBytes) return 'more';
  if (end < 0 || end - from > lineLimitBytes) return { text: '', end: from };
  // This newline may also open the next line of the frame.
  return { text: bytes.toString('latin1', from, end), end };
}

class OpenFrame {
  readonly #onFrame: (frame: Frame) => void;
  #id: number | undefined;
  #parts: readonly ReportPart[] = [];
  #sections = new Map<string, Section>();
  #name: string | undefined;
  #printed = new Printed();
  #bytes = 0;
  /** The newline at the end of the section's own line is still to come. */
  #atLineEnd = false;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  line(text: string): void {
    const [verb, ...words] = text.split(' ');
    if (verb === 'begin') this.#begin(words);
    else if (this.#id === undefined) return;
    else if (verb === 'section' && this.#name === undefined) this.#open(words[0] ?? '');
    else if (verb === 'status' && this.#name !== undefined) this.#close(this.#name, words.join(' '));
    else if (verb === 'end' && this.#name === undefined && words[0] === String(this.#id)) this.#end(this.#id);
    else this.drop();
  }

  print(text: Buffer): void {
    if (this.#name === undefined || text.length === 0) return;
    const bytes = this.#atLineEnd ? text.subarray(1) : text;
    this.#atLineEnd = false;
    const room = Math.max(0, Math.min(bytes.length, reportLimitBytes - this.#bytes));
    this.#printed.push(bytes.subarray(0, room), bytes.length > room);
    this.#bytes += room;
  }

  drop(): void {
    this.#id = undefined;
    this.#name = undefined;
    this.#sections = new Map();
    this.#printed = new Printed();
  }

  #begin([id = '', ...parts]: readonly string[]): void {
    this.drop();
    if (!/^\d{1,15}$/.test(id)) return;
    this.#id = Number(id);
    this.#parts = reportParts.filter((part) => parts.includes(part));
    this.#bytes = 0;
  }

  #open(name: string): void {
    if (this.#sections.size >= sectionsAtMost) this.drop();
    else {
      this.#name = name;
      this.#atLineEnd = true;
    }
  }

  #close(name: string, status: string): void {
    this.#sections.set(name, { status, ...this.#printed.told() });
    this.#name = undefined;
    this.#printed = new Printed();
  }

  #end(id: number): void {
    const frame = { id, parts: this.#parts, sections: this.#sections };
    this.drop();
    this.#onFrame(frame);
  }
}

// One buffer that grows, not a list of chunks: a chunk that is kept keeps the whole block that it was read into.
class Printed {
  #bytes = Buffer.alloc(0);
  #length = 0;
  #cut = false;

  push(bytes: Buffer, cut: boolean): void {
    const room = Math.min(bytes.length, sectionLimitBytes - this.#length);
    this.#cut ||= cut || room < bytes.length;
    const needed = this.#length + room;
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(Math.min(sectionLimitBytes, Math.max(needed, this.#bytes.length * 2, 1024)));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#length, 0, room);
    this.#length = needed;
  }

  told(): Omit<Section, 'status'> {
    return { text: this.#bytes.toString('utf8', 0, this.#length), cut: this.#cut };
  }
}
