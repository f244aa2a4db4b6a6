// A look at all hosts of an inventory by a tick of schedules: for those who are told of alerts, and for metrics.
import type { FleetPicture } from '../../fleet/picture.ts';
import { askOnce } from '../../fleet/polling/once.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { jobHome } from '../../job/journal/home.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import { readMarks } from '../hosts/marks.ts';
import { readReports } from '../hosts/reports.ts';
import { targetOf } from '../hosts/target-of.ts';

/** Less than a minute: then the next tick comes. */
const deadlineMs = 30_000;

export async function lookAtFleet(inventory: Inventory, signal: AbortSignal): Promise<FleetPicture> {
  const script = await scriptText('probe');
  const home = jobHome(process.env);
  const remotes = openRemotes({ environment: process.env });
  const open = (host: Host) => remotes.open(targetOf(host, inventory));
  const earlier = { marks: readMarks(home.seen), reports: readReports(home.reported) };
  try {
    return await askOnce({ inventory, script, open, earlier, deadlineMs, signal });
  } finally {
    await remotes.close();
  }
}
