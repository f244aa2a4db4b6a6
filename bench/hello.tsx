// The least that an Ink program does: the reference of first-frame.
import { render, Text } from 'ink';

render(<Text>hello</Text>, { alternateScreen: true });
// Stays, as a console does, until it is ended.
setInterval(() => undefined, 1000);
