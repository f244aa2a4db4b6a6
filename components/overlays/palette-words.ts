// Other words for commands, by which the palette finds them too: those of other programs, and those of the night.
import type { CommandName } from '../../src/commands/list.ts';

export const otherWords: Readonly<Partial<Record<CommandName, string>>> = {
  'seed.open':
    'repair recover rebuild restore clone reclone resync copy replica staging method dump table tables database databases',
  'proof.restore': 'test verify check backup restore snapshot proof proved',
  'proof.rows': 'checksum compare drift diverged verify pt-table-checksum consistency proof',
  'salvage.apply': 'recover failover primary dead relay binlog lost transactions errant mysqlbinlog',
  'mysql.start': 'up boot run server',
  'mysql.stop': 'kill shutdown halt down server',
  'mysql.restart': 'reboot server',
  'recovery.plan': 'rule broken replica planned',
  'snapshot.create': 'backup take freeze',
  'snapshot.remove': 'delete drop lvremove',
  'snapshot.prune': 'delete clean old',
  'job.abort': 'kill cancel undo rollback stop',
  'job.resume': 'continue retry',
  'job.open': 'show progress steps',
  'jobs.open': 'history audit',
  'list.filter': 'search find',
  'list.showAll': 'clear filter',
  'log.search': 'find grep',
  'log.severity': 'filter level warnings errors',
  'log.pager': 'less',
  'log.follow': 'tail',
  'log.markSeen': 'acknowledge ack read errors',
  'fleet.refresh': 'reload poll update',
  'fleet.discovered': 'unknown new servers',
  'text.copy': 'clipboard yank',
  'help.open': 'keys',
  'console.quit': 'exit leave close',
  'screen.back': 'up return',
};
