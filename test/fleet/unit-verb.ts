// One verb on one unit, in a process of its own: unit-verb.ts HOST start|poll|stop|clear JOB ROLE [BY SCRIPT]
// Run inside the fleet's network; prints the answer as JSON. What started a unit is gone before the next verb asks for it.

import { loadInventory } from '../../src/inventory/inventory.ts';
import { targetOf } from '../../src/operations/hosts/target-of.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { unitsOn } from '../remote/units-on.ts';

const [hostName = '', verb = '', job = '', role = '', by = 'auto', script = ''] = process.argv.slice(2);
const read = await loadInventory({ environment: process.env, workingDirectory: process.cwd() });
const host = read.ok ? read.inventory.hosts.find(({ name }) => name === hostName) : undefined;
if (!read.ok || !host) throw new Error(`no host ${hostName}`);
const remotes = openRemotes({ environment: process.env });
const remote = remotes.open(targetOf(host, read.inventory));
const units = unitsOn(remote, await scriptText('unit'));
const name = { job, role };
const how = by === 'setsid' || by === 'systemd' ? by : 'auto';

async function answer(): Promise<object> {
  switch (verb) {
    case 'start':
      return await units.start(name, { script, args: [], background: false, by: how });
    case 'stop':
      return await units.stop(name);
    case 'clear':
      return await units.clear(name);
    default: {
      const report = await units.poll(name, 0);
      return report.ok ? { ...report, log: report.log.toString() } : report;
    }
  }
}
process.stdout.write(JSON.stringify(await answer()));
await remote.close();
await remotes.close();
