// A script on a host's serial line, where no network is needed: serial.ts HOST SCRIPT
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { tellSerial } from '../../src/drill/machine/serial.ts';
import { testPlaces } from '../fleet/fleet.ts';

const [host = '', script = ''] = process.argv.slice(2);
await tellSerial(testPlaces, requireHostNamed(host), script);
