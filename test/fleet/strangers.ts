// Silent strangers in a process of their own, inside the fleet's network: strangers.ts HOST PORT COUNT
// Prints `NOW OPENED` each second: how many of its connections are open, and how many it has opened. Ends when its
// standard input ends.
import { silent } from '../copy/silent.ts';

const [host = '', port = '', count = ''] = process.argv.slice(2);
const strangers = silent({ host, port: Number(port) }, Number(count));
const timer = setInterval(() => process.stdout.write(`${strangers.standing()} ${strangers.opened()}\n`), 1000);
process.stdin.resume().once('end', () => {
  clearInterval(timer);
  strangers.end();
});
