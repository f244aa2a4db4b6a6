// The words of processes.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

export const processesWords = (login: Login, most: number): string[] => namedWords({ ...loginWords(login), most });
