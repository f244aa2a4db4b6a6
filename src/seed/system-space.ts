// The files of InnoDB's system tablespace, as innodb_data_file_path has them: an empty server is made with all of them, in their size. Pure.
import type { SeedRequest, Side } from './request.ts';

/** Without the option. */
const usual = 'ibdata1:12M:autoextend';
const file = /^[A-Za-z0-9_.-]+:(\d{1,12})([KMG]?)(:autoextend(:max:\d{1,12}[KMG]?)?)?$/i;
const factors = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 } as const;

/** undefined: of another form, as where a file lies in another folder, or is a device. */
function systemBytes(filePath = usual): number | undefined {
  const sizes = filePath.split(';').map((one) => {
    const [, size, unit = ''] = file.exec(one) ?? [];
    return size === undefined ? undefined : Number(size) * factors[unit.toUpperCase() as keyof typeof factors];
  });
  return sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
}

type Space = { readonly ok: true; readonly bytes: number } | { readonly ok: false; readonly why: string };

/** What the empty server of a method takes beside the data. */
export function emptyServerSpace({ donor, method }: Pick<SeedRequest, 'donor' | 'method'>, target: Side): Space {
  if (method.makesServer === undefined) return { ok: true, bytes: 0 };
  const { host, facts } = method.makesServer === 'donor' ? donor : target;
  const path = facts.variables.innodb_data_file_path || usual;
  const bytes = systemBytes(path);
  return bytes === undefined
    ? { ok: false, why: `innodb_data_file_path of ${host.name} has a form that no new server is made with: ${path}` }
    : { ok: true, bytes };
}
