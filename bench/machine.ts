// The machine that the figures are of, and its load from other programs.
import { cpus, loadavg, totalmem } from 'node:os';

export async function machineLine(): Promise<string> {
  const list = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = loadavg()[0]?.toFixed(1);
  return `${list.length} x ${list[0]?.model ?? 'unknown'}, ${memory}, Node ${process.versions.node}, load ${load} at the start`;
}
