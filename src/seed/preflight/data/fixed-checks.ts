// Whether old and new data of a target can be swapped: both are renamed, and some files can't be renamed even by root.
import { posix } from 'node:path';
import { shownWord } from '../../../remote/call/quote.ts';
import type { FixedFlag } from '../../facts.ts';
import type { Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

const takenBack: { readonly [flag in FixedFlag]: string } = {
  immutable: '-i',
  'append-only': '-a',
  'immutable and append-only': '-ia',
};

export function fixedChecks(target: Side): Finding[] {
  const { first, count, otherProject, unknown } = target.facts.fixed;
  const judge = judging(target);
  const more = count > first.length ? ` and ${count - first.length} more` : '';
  const words = first.map(({ flag, path }) => `${path} (${flag})`).join(', ');
  const commands = first.map(({ flag, path }) => `chattr ${takenBack[flag]} ${shownWord(path)}`).join('; ');
  return [
    ...(first.length === 0
      ? []
      : [judge.refuse(`files that can't be set aside with the old data: ${words}${more}`, `as root: ${commands}`)]),
    ...(otherProject ? [projectFinding(target, otherProject)] : []),
    ...(unknown === undefined
      ? []
      : [judge.unknown(`whether files of ${target.facts.datadir} are immutable (chattr +i): unknown, ${unknown}`)]),
  ];
}

/** rename(2) of a file into a folder with another project id is EXDEV, as between file systems. */
function projectFinding(target: Side, { folderProject, path }: NonNullable<Side['facts']['fixed']['otherProject']>) {
  const folder = posix.dirname(path);
  const word = shownWord(folder);
  // xfs_quota splits that one argument into words of its own.
  const quota =
    word === folder
      ? `xfs_quota -x -c 'project -s -p ${folder} ${folderProject}'`
      : `xfs_quota, project ${folderProject}`;
  return judging(target).refuse(
    `${path} is of another project quota than ${folder} (project ${folderProject}, which new files there get): the kernel renames nothing between projects`,
    `give all files there that project (XFS: ${quota}; ext4: chattr -p ${folderProject}), or none: xfs_io -c 'chattr -P' ${word}`,
  );
}
