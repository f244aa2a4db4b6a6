// A receiver of messages in a process of its own, inside the fleet's network. Prints its URL, and then the body of each call, a line each.
// Ends when its standard input ends.
import { httpReceiver, status } from '../notify/receiver.ts';

const receiver = await httpReceiver((response, number) => {
  process.stdout.write(`${receiver.got[number - 1]?.body}\n`);
  status(200)(response);
});
process.stdout.write(`${receiver.url}\n`);
process.stdin.resume().once('end', () => receiver.close());
