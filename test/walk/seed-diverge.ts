// Rows of a replica that are not those of its source: what a seed of named tables, or of what differs, is for. It goes on replicating, and a
// change is in no log.
import type { Scene } from './scene.ts';

/** Of the `orders` of that database, which the trickle of the practice fleet leaves alone. */
export async function diverge({ run }: Pick<Scene, 'run'>, database: string): Promise<void> {
  await run(script, [database]);
}

const script = `
super=$(mysql -Nse "SHOW GLOBAL VARIABLES LIKE 'super_read_only'" | cut -f 2)
[ "$super" != ON ] || mysql -e 'SET GLOBAL super_read_only = OFF' || exit 1
mysql -e "SET SESSION sql_log_bin = 0; UPDATE $1.orders SET total = total + 1 WHERE id DIV 70 MOD 20 = 3" || exit 1
[ "$super" != ON ] || mysql -e 'SET GLOBAL super_read_only = ON'`;
