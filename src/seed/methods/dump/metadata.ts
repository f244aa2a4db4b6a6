// Where the donor's binary log stood when mydumper's sessions began, as its file `metadata` has it. Pure. Up to 0.10: docs/files.rst
// of mydumper; later it is an option file: write_source_info() of mydumper_working_thread.c.

export interface LogPlace {
  readonly logFile: string;
  readonly logPosition: number;
}

/** undefined: it has none. A server without a binary log has none; nor has a MySQL from 8.4 on for mydumper 0.10, which asks by an older name. */
export function readMetadata(text: string): LogPlace | undefined {
  const part = partOf(text, /^SHOW MASTER STATUS:$/m, /^$/m) ?? partOf(text, /^\[(?:source|master)\]$/m, /^\[/m) ?? '';
  const [, logFile] = /^[\t# ]*(?:Log: |(?:SOURCE_LOG_FILE|File) = )"?([\w./-]+)"?$/m.exec(part) ?? [];
  const [, position] = /^[\t# ]*(?:Pos: |(?:SOURCE_LOG_POS|Position) = )"?(\d{1,15})"?$/m.exec(part) ?? [];
  if (logFile === undefined || position === undefined) return undefined;
  return { logFile: logFile.replace(/^.*\//, ''), logPosition: Number(position) };
}

/** The lines behind the one that begins it, up to the one that begins another. */
function partOf(text: string, begins: RegExp, ends: RegExp): string | undefined {
  const found = begins.exec(text);
  if (!found) return undefined;
  const rest = text.slice(found.index + found[0].length + 1);
  return rest.slice(0, ends.exec(rest)?.index);
}
