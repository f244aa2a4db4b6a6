// The text that mysqlbinlog makes of what a host has and another lacks: as it comes, since it may be gigabytes. Nothing is kept but its end.
import { StringDecoder } from 'node:string_decoder';
import { lookWords } from '../../scripts/salvage-words.ts';
import { scriptText } from '../../scripts/script.ts';
import { given, type Result, refused } from '../result.ts';
import type { Asking } from '../seed/ask-host.ts';
import { type LogText, type LookRequest, readLogText, refusalOf, textWords } from './look.ts';

/** Where the last line is, with the name of a log and what mysqlbinlog said. */
const endLetters = 4096;

export interface TextEnd extends Omit<LogText, 'text'> {
  readonly bytes: number;
}

/** `write`: nothing more is read from the host until it has settled. Not clean. */
export async function streamLogText(
  request: LookRequest,
  maxBytes: number,
  asking: Asking,
  write: (text: string) => Promise<void>,
): Promise<Result<TextEnd>> {
  const asked = await textWords(request, maxBytes, asking);
  if (!asked.ok) return asked;
  const { words, lacked } = asked.value;
  const { name } = request.from.host;
  const subject = asking.known.find(({ host }) => host.name === name);
  if (!subject) return refused({ kind: 'failed', message: `nothing is known of ${name}`, advice: '' });
  const remote = asking.open(subject.target);
  const decoder = new StringDecoder('utf8');
  let [bytes, end] = [0, ''];
  const say = async (text: string) => {
    end = `${end}${text}`.slice(-endLetters);
    if (text !== '') await write(text);
  };
  const stream = await remote.stream(await scriptText('salvage-look'), lookWords('text', words), {
    signal: asking.signal,
    label: 'salvage-look',
    onStdout: (chunk) => {
      bytes += chunk.length;
      return say(decoder.write(chunk));
    },
  });
  const ended = stream.ok ? await stream.ended : stream;
  await remote.close();
  if (!ended.ok) return refused(refusalOf(name, ended));
  await say(decoder.end());
  const { text: _end, ...told } = readLogText(end, lacked);
  return given({ bytes, ...told });
}
