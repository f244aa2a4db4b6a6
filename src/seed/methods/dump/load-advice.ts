// What to do where a dump was not loaded. Pure.

/** What its server has refused, it refuses of the next dump as well. */
export function loadAdvice(why: string, donor: string): string {
  if (/the rows of .* are not those of the donor/.test(why))
    return 'its old data is untouched; seed again, and if the same table differs again, copy files (--method lvm, clone or mariadb-backup)';
  if (!why.includes('the dump could not be loaded: ERROR')) return untouched;
  return `its old data is untouched; another dump would end alike: ${mendOf(why, donor)}, or copy files (--method lvm, clone or mariadb-backup)`;
}

/** Accounts of the donor are there before the views: what still lacks one is of an account that the donor does not have. */
const mendOf = (why: string, donor: string): string =>
  /ERROR (1449|1356) /.test(why)
    ? `on ${donor}, give the view that the error is about, or one that it reads from, a definer that exists and may read there (ALTER DEFINER = ... VIEW), or drop it`
    : `mend on ${donor} what the error names`;

export const untouched = 'its old data is untouched: see the log of the job, and seed again';
