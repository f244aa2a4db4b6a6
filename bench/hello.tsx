// The smallest Ink program: the reference of first-frame.
import { render, Text } from 'ink';

render(<Text>hello</Text>, { alternateScreen: true });
// It runs until it is ended, as a console does.
setInterval(() => undefined, 1000);
